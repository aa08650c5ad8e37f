"""Rules of one's own: a file of bodies that is parsed, and named in pyproject.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.cli.main import main
from codegen.gates.declare import BY_KEY, GATES
from codegen.gates.pattern import LIBRARIES

MYLIB = """import numpy as np


def tanh(x):
    return np.tanh(x)


def blend(x, y, alpha=0.5):
    return alpha * x + (1 - alpha) * y


def energy(x):
    return np.sum(x * x)


def energy_slope(x):
    return 2 * x


def smooth(x, w):
    return np.convolve(x, w, mode="same")
"""
RULES = '''import numpy as np

import codegen
import mylib as ml


@codegen.rule("mylib.tanh(x)")
def tanh(out):
    """Squash to (-1, 1)."""
    return 1 - out**2


@codegen.rule("mylib.blend(x, y, alpha=0.5)", stem="blend")
def blend(d, alpha):
    return alpha * d, (1 - alpha) * d


@codegen.rule("mylib.energy(x)", result="number")
def energy(d, x):
    return d * ml.energy_slope(x)


@codegen.rule("mylib.smooth(x, w)", result="like x")
def smooth(d, w):
    return ml.smooth(d, np.flip(w)), None
'''
FORWARD = """import numpy as np
import mylib
from mylib import energy as total


def f(x: np.ndarray, w: float):
    h = mylib.tanh(w * x)
    z = mylib.blend(h, x, alpha=0.25)
    return total(z)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"mylib.py": MYLIB, "rules.py": RULES, "model.py": FORWARD}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    table = '[tool.codegen]\nrules = ["rules.py"]\n'
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    return tmp_path


def registry() -> Mapping[str, Any]:
    return {"gates": set(GATES), "keys": set(BY_KEY), "words": dict(LIBRARIES)}


def test_bodies_are_printed_like_those_of_our_own_gates() -> None:
    before = registry()
    output = codegen.generate(FORWARD, rules=[RULES])
    assert "dz = df * mylib.energy_slope(z)" in output
    assert "dh_raw = (1 - h**2) * dh" in output
    assert "dh = 0.25 * dz" in output
    assert "dx = 0.75 * dz" in output
    assert registry() == before


def test_the_command_line_reads_the_file_and_verify_runs_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = FORWARD.replace("def f", "# codegen: example f(np.linspace(-1.0, 1.0, 5), 0.7)\ndef f")
    (project / "model.py").write_text(text, encoding="utf-8")
    assert main(["model.py", "--verify"]) == 0
    assert "tolerance 1e-06: ok" in capsys.readouterr().out
    assert "mylib.energy_slope" in (project / "generated" / "model_grad.py").read_text()
    assert main(["model.py", "--check"]) == 0
    wrong = RULES.replace("1 - out**2", "1 + out**2")
    (project / "rules.py").write_text(wrong, encoding="utf-8")
    assert main(["model.py", "--check"]) == 1
    assert main(["model.py", "--verify"]) == 1
    assert "FAILED" in capsys.readouterr().out


def test_a_rule_of_an_array_like_an_operand_keeps_its_shape() -> None:
    text = (
        "import numpy as np\nimport mylib\nfrom jaxtyping import Float\n\n\n"
        'def f(x: Float[np.ndarray, "N"], w: Float[np.ndarray, "K"]):\n'
        "    return np.sum(mylib.smooth(x, w) * x)\n"
    )
    output = codegen.generate(text, rules=[RULES], wrt=["x"])
    assert "_unbroadcast" not in output
    mylib: dict[str, Any] = {}
    exec(MYLIB, mylib)
    names: dict[str, Any] = {}
    exec(output.replace("import mylib", ""), names)
    names["mylib"] = SimpleNamespace(**{k: v for k, v in mylib.items() if callable(v)})
    x, w = np.sin(np.arange(7.0)), np.array([0.2, 0.5, -0.3])
    _, dx = names["f_grad"](x, w)
    for place in range(7):
        step = np.zeros(7)
        step[place] = 1e-6
        forward = [np.sum(mylib["smooth"](x + s, w) * (x + s)) for s in (step, -step)]
        assert dx[place] == pytest.approx((forward[0] - forward[1]) / 2e-6, rel=1e-6, abs=1e-8)


def test_a_call_without_a_rule_is_told_how_to_have_one() -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(FORWARD)
    assert '@codegen.rule("mylib.tanh(x)")' in str(caught.value)


def test_by_what_has_no_gradient_nothing_is_differentiated() -> None:
    text = "import mylib\n\n\ndef f(x, w):\n    return mylib.smooth(x, w)\n"
    assert "return f, dx" in codegen.generate(text, rules=[RULES])


def test_the_mark_does_nothing_when_it_is_imported() -> None:
    @codegen.rule("mylib.square(x)")
    def square(x: float) -> float:
        return 2 * x

    assert square(3.0) == 6.0


WRONG = {
    "no Python": ("def f(:\n", "not Python"),
    "no rule": ("import codegen\n", "no rule in this file"),
    "no module": ('@codegen.rule("tanh(x)")\ndef f(out):\n    return out\n', "names no module"),
    "no call": ('@codegen.rule("mylib.tanh")\ndef f(out):\n    return out\n', "mylib.tanh"),
    "numpy's": (
        '@codegen.rule("numpy.tanh(x)")\ndef f(out):\n    return out\n',
        "has a rule already",
    ),
    "twice": (
        '@codegen.rule("mylib.f(x)")\ndef f(out):\n    return out\n'
        '@codegen.rule("mylib.f(x)")\ndef g(out):\n    return out\n',
        "two rules",
    ),
    "another decorator": ("@cache\ndef f(out):\n    return out\n", "no decorator but"),
    "an unknown name": ('@codegen.rule("mylib.f(x)")\ndef f(y):\n    return y\n', "`y` is neither"),
    "too few": ('@codegen.rule("mylib.f(x, y)")\ndef f(x):\n    return x\n', "2 operands"),
    "no cotangent": (
        '@codegen.rule("mylib.f(x)", result="number")\ndef f(x):\n    return x\n',
        "takes `d`",
    ),
    "no such result": (
        '@codegen.rule("mylib.f(x)", result="like y")\ndef f(d, x):\n    return d\n',
        "no result called",
    ),
    "an unknown option": (
        '@codegen.rule("mylib.f(x)", holomorphic=True)\ndef f(x):\n    return x\n',
        "the options",
    ),
    "nothing returned": ('@codegen.rule("mylib.f(x)")\ndef f(x):\n    y = x\n', "returns nothing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_file_of_rules_is_told_with_its_place(name: str) -> None:
    text, words = WRONG[name]
    before = registry()
    head = "" if "import" in text else "import codegen\nimport mylib\n\n\n"
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate("def f(x: float):\n    return x * x\n", rules=[head + text])
    assert words in str(caught.value)
    assert caught.value.filename == "<rules 1>"
    assert registry() == before


def test_a_file_of_rules_that_is_not_there_is_told_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "rules.py").unlink()
    assert main(["model.py"]) == 2
    assert "rules.py" in capsys.readouterr().err


def test_what_a_body_cannot_have_is_told_where_it_stands() -> None:
    rules = RULES.replace("np.flip(w)", "w[::-1]")
    text = "import mylib\n\n\ndef f(x, w):\n    return mylib.smooth(x, w)\n"
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(text, rules=[rules])
    assert "`w[::-1]` is nothing that a rule can have" in str(caught.value)
    assert caught.value.filename == "<rules 1>"
