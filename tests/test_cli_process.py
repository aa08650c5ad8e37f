"""The command line as a process of its own: what it imports, and its streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("black", "numpy", "jinja2", "scipy")


def run(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=stdin,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["--chekc"], 2),
        ([], 2),
        (["nowhere.py"], 2),
        (["a.py", "b/a.py"], 2),
    ],
)
def test_help_version_and_usage_errors_wait_for_nothing_heavy(
    tmp_path: Path, arguments: list[str], status: int
) -> None:
    (tmp_path / "b").mkdir()
    for name in ("a.py", "b/a.py"):
        (tmp_path / name).write_text("x = 1\n")
    code = (
        "import sys; from codegen.cli.main import main\n"
        f"status = main({arguments!r})\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(99 if loaded else status)"
    )
    assert run("-c", code, cwd=tmp_path).returncode == status


def test_importing_the_package_is_light(tmp_path: Path) -> None:
    code = (
        "import sys, codegen\n"
        "assert codegen.__version__ and issubclass(codegen.CodegenError, SyntaxError)\n"
        f"sys.exit(any(name in sys.modules for name in {HEAVY!r}))"
    )
    assert run("-c", code, cwd=tmp_path).returncode == 0


def test_the_users_files_are_not_imported_for_the_standard_librarys(tmp_path: Path) -> None:
    for name in ("difflib", "tomllib", "hashlib", "json", "black", "numpy"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} was run')\n")
    (tmp_path / "pyproject.toml").write_text("[tool.codegen]\n")
    done = run("-m", "codegen", "--chekc", "nowhere.py", cwd=tmp_path)
    assert done.returncode == 2
    assert b"did you mean --check?" in done.stderr
    assert run("-m", "codegen", "nowhere.py", cwd=tmp_path).returncode == 2


def test_stdout_is_utf8_with_lf_whatever_the_terminal(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.stdout.reconfigure(encoding='ascii', newline='\\r\\n')\n"
        "from codegen.cli.report import Report\n"
        "print('before')\n"
        "Report().text('dβ = 1\\n')\n"
    )
    done = run("-c", code, cwd=tmp_path)
    assert done.stdout == "before\r\ndβ = 1\n".encode()


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "read, write = os.pipe()\n"
        "os.dup2(write, 1); os.close(write); os.close(read)\n"
        "from codegen.cli.main import main\n"
        "sys.exit(main(['--help']))"
    )
    done = run("-c", code, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from codegen.cli.main import main\n"
            "print('up', flush=True); sys.exit(main(['-', '--show', 'ir']))",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    time.sleep(0.2)  # it waits for stdin now
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == b"codegen: interrupted\n"
