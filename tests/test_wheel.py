"""What is shipped: wheel, sdist and editable install, each in a clean environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("codegen", "templates", "examples", "generated", "tests", "docs", "benchmarks")
RUBBISH = ("codegen/stray.pyc", "templates/stray.pyc", "templates/__pycache__/stray.pyc")

FORWARD = """\
import math


def f(x, y):
    sigy = 1.0 / (1 + math.exp(-y))  # sigmoid in numerator
    num = x + sigy
    sigx = 1.0 / (1 + math.exp(-x))  # sigmoid in denominator
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    return num * invden
"""
CALL = """\
import forward_grad

value, (dx, dy) = forward_grad.f_grad(3.0, -4.0)
assert abs(value - 1.5456448841066441) < 1e-12, value
assert abs(dx - 2.0595697955721652) < 1e-12, dx
assert abs(dy - 1.5922327514838093) < 1e-12, dy
"""

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints; an exit status other than 0 fails the test with its output."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,  # the checkout must not be found by accident
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command} said:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def new_environment(folder: Path) -> Path:
    """Make an empty environment and return the folder of its programs."""
    venv.create(folder, with_pip=True, symlinks=sys.platform != "win32")
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project, with ignored files that must not be shipped, and build it in the copy."""
    copy = tmp_path_factory.mktemp("project") / "codegen"
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache")
    for name in filter(lambda name: (ROOT / name).is_dir(), SHIPPED):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy2(ROOT / name, copy / name)
    for name in RUBBISH:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_bytes(b"rubbish")
    build = (sys.executable, "-m", "build", "--no-isolation")
    run(*build, "--wheel", "--outdir", "direct", cwd=copy)
    run(*build, "--outdir", "dist", cwd=copy)  # the sdist, and a wheel made from the sdist
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    """Return the wheel that was built from the checkout itself."""
    (path,) = (checkout / "direct").glob("*.whl")
    return path


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_under(folder: Path) -> set[str]:
    """Return the paths of a folder's files that are not ignored, relative to it."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in names if not name.endswith(".pyc")}


def test_the_wheel_carries_the_package_its_templates_and_nothing_else(wheel: Path) -> None:
    package = {f"codegen/{name}" for name in files_under(ROOT / "codegen")}
    templates = {f"codegen/templates/{name}" for name in files_under(ROOT / "templates")}
    shipped = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert shipped == package | templates
    assert "codegen/py.typed" in shipped
    assert "codegen/templates/module.py.jinja" in shipped


def test_the_wheel_carries_the_licence_and_names_its_dependencies(wheel: Path) -> None:
    files = contents(wheel)
    (licence,) = (text for name, text in files.items() if name.endswith("licenses/LICENSE"))
    (metadata,) = (text.decode() for name, text in files.items() if name.endswith("/METADATA"))
    assert licence == (ROOT / "LICENSE").read_bytes()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    always = [line.split()[1] for line in required if "extra ==" not in line]
    assert sorted(re.split("[<>=]", name)[0] for name in always) == ["black", "jinja2", "numpy"]


def test_a_wheel_made_from_the_sdist_is_the_same(checkout: Path, wheel: Path) -> None:
    (other,) = (checkout / "dist").glob("*.whl")
    assert contents(other) == contents(wheel)


def test_the_sdist_carries_the_tests_and_no_ignored_file(checkout: Path) -> None:
    (path,) = (checkout / "dist").glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "tests/test_wheel.py"} <= names
    assert {f"templates/{name}" for name in files_under(ROOT / "templates")} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_installed_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    programs = new_environment(tmp_path / "environment")
    python = programs / "python"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=elsewhere)
    (elsewhere / "forward.py").write_text(FORWARD, encoding="utf-8")

    run(python, "-m", "codegen", "forward.py", cwd=elsewhere)
    run(python, "-c", CALL, cwd=elsewhere / "generated")

    run(programs / "codegen-backprop", "--check", "forward.py", cwd=elsewhere)
    version = run(programs / "codegen-backprop", "--version", cwd=elsewhere)
    assert wheel.name.split("-")[1] in version
    gates = run(python, "-m", "codegen", "--list-gates", cwd=elsewhere)
    assert "tanh" in gates


def test_an_editable_install_finds_the_templates_of_the_checkout(
    checkout: Path, tmp_path: Path
) -> None:
    programs = new_environment(tmp_path / "environment")
    python = programs / "python"
    run(python, "-m", "pip", "install", "--quiet", "--editable", checkout, cwd=tmp_path)
    (tmp_path / "forward.py").write_text(FORWARD, encoding="utf-8")

    code = "from codegen.templating import template_folder; print(template_folder())"
    found = run(python, "-c", code, cwd=tmp_path).strip()
    assert Path(found) == (checkout / "templates").resolve()

    run(programs / "codegen-backprop", "forward.py", cwd=tmp_path)
    run(python, "-c", CALL, cwd=tmp_path / "generated")
