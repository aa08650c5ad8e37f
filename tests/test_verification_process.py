"""The author's file runs in a process of its own: what it does there is reported, not suffered."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from codegen.pipeline import FunctionReport, Generated, Parameter
from codegen.source import Source
from codegen.verification import VerificationReport, verify_file
from codegen.verification.job import Job
from tests.verification_cases import LAYER, SCRIPT, STAGED, Case


def verified(case: Case, path: Path, time_limit: float = 60.0) -> VerificationReport:
    path.write_text(case.forward, encoding="utf-8")
    source = Source.from_text(case.forward, path.name)
    return verify_file(str(path), source, case.generated, time_limit=time_limit)


def test_the_file_runs_as_a_module_in_its_own_folder_and_its_noise_is_not_heard(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "beside.py").write_text("TWO = 2\n", encoding="utf-8")
    (tmp_path / "data.txt").write_text("2", encoding="utf-8")
    noise = """\
import os
import sys
from beside import TWO

print("to stdout", flush=True)
os.write(1, b"to descriptor 1")
os.write(2, b"to descriptor 2")
assert sys.stdin.read() == ""
assert open("data.txt").read() == "2"
assert __name__ == "forward" and sys.modules[__name__].TWO == 2
assert not any(name == "" or name.endswith("codegen") for name in sys.path)
if __name__ == "__main__":
    raise SystemExit("this is no script")
"""
    text = noise + STAGED.forward.replace("return num", "print('called')\n    return num")
    found = verified(replace(STAGED, forward=text), tmp_path / "forward.py")
    assert found.status == 0, found.lines
    assert len(found.lines) == 2
    assert capfd.readouterr() == ("", "")


def test_a_wrong_gradient_is_failed_with_its_line(tmp_path: Path) -> None:
    found = verified(STAGED.edited(("dden = -f", "dden = f")), tmp_path / "forward.py")
    assert found.status == 1
    assert found.lines[-1].endswith("dden = f / den * df")


def test_text_without_a_file_runs_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"import os\n\nassert os.getcwd() == {str(tmp_path.resolve())!r}\n" + LAYER.forward
    found = verify_file(None, Source.from_text(text, "<stdin>"), LAYER.generated)
    assert found.status == 0, found.lines


def test_what_was_verified_before_a_crash_is_told(tmp_path: Path) -> None:
    crash = "\n\ndef crash(x):\n    import os\n\n    os._exit(7)\n"
    both = Case(
        STAGED.forward + crash,
        STAGED.gradient + "\n\ndef crash_grad(x, dcrash=1.0):\n    return x, dcrash\n",
        (
            STAGED.reports[0],
            FunctionReport(
                "crash", "crash_grad", (Parameter("x", "scalar"),), ("x",), ("x",), ("dx",), None
            ),
        ),
    )
    found = verified(both, tmp_path / "forward.py")
    assert found.status == 2
    assert [line.rpartition(": ")[2] for line in found.lines[:2]] == ["ok", "ok"]
    assert found.lines[2] == "crash: not verified: the process ended with status 7"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("import no_such_module", "running the file raises ModuleNotFoundError"),
        ("raise SystemExit(3)", "running the file raises SystemExit: 3"),
        ("import os\nos._exit(0)", "the author's code ended the process"),
    ],
)
def test_a_file_that_cannot_be_run_is_not_verified(
    tmp_path: Path, statement: str, words: str
) -> None:
    case = replace(STAGED, forward=f"{statement}\n{STAGED.forward}")
    found = verified(case, tmp_path / "forward.py")
    assert found.status == 2
    assert words in found.lines[0]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_signal_is_named(tmp_path: Path) -> None:
    text = f"import os\nos.kill(os.getpid(), {signal.SIGKILL.value})\n"
    found = verified(replace(STAGED, forward=text), tmp_path / "forward.py")
    assert found.lines == ["f: not verified: the process was ended by SIGKILL"]


def test_a_hang_is_stopped_with_all_that_was_started(tmp_path: Path) -> None:
    text = """\
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("child.txt", "w").write(str(child.pid))
while True:
    pass
"""
    began = time.monotonic()
    found = verified(replace(STAGED, forward=text), tmp_path / "forward.py", time_limit=3.0)
    assert time.monotonic() - began < 20
    assert found == VerificationReport(["f: not verified: it was stopped after 3 s"], 2)
    if os.name == "posix":
        child = int((tmp_path / "child.txt").read_text(encoding="utf-8"))
        assert ends_soon(child)


def ends_soon(process: int) -> bool:
    """Tell by /proc, where there is one, whether a process that nobody waits for ends."""
    status = Path(f"/proc/{process}/stat")
    for _ in range(100):
        if not status.exists() or status.read_text(encoding="utf-8").split()[2] in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_nothing_generated_is_nothing_verified() -> None:
    found = verify_file(None, Source.from_text("x = 1\n", "<stdin>"), Generated("", (), ()))
    assert found == VerificationReport(["not verified: there is no gradient function"], 2)


@pytest.mark.parametrize("case", [STAGED, LAYER, SCRIPT])
def test_a_job_survives_the_way_to_the_other_process(case: Case) -> None:
    job = Job("a/b.py", case.forward, case.gradient, case.reports, 4)
    assert Job.from_json(job.to_json()) == job
