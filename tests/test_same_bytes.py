"""The same input gives the same bytes, whatever the order of sets and the version of Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDED = "numpy, jinja2, black"


def interpreter(version: str) -> str | None:
    """Return an installed Python of a version that has what codegen needs, if there is one.

    `.ci/run` makes an environment for each version; CODEGEN_PYTHONS names such ones, as PATH does.
    """
    if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
        return sys.executable
    named = os.environ.get("CODEGEN_PYTHONS", "").split(os.pathsep)
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    question = f"import sys, {NEEDED}; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    for candidate in [*filter(None, named), f"python{version}", *map(str, pyenv)]:
        try:
            answer = subprocess.run([candidate, "-c", question], capture_output=True, check=False)
        except OSError:
            continue
        if answer.returncode == 0:
            return candidate
    return None


@pytest.mark.parametrize(
    ("version", "seed"), [("3.11", "0"), ("3.11", "1"), ("3.12", "4242"), ("3.13", "7")]
)
def test_the_golden_set_is_the_same(version: str, seed: str) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} with {NEEDED}")
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = (python, "-m", "codegen", "--check")
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
