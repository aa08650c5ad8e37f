"""The same bytes whatever Python's hashes are; other Pythons are run by `.ci/run`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = (
    "networks/attention.py",
    "control/lstm.py",
    "kernels/lu.py",
    "control/softmax_classifier.py",
)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_bytes_do_not_depend_on_hashes(seed: str) -> None:
    files = [f"examples/{name}" for name in EXAMPLES]
    done = subprocess.run(
        [sys.executable, "-m", "codegen", "--check", *files],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
