"""A forward file that imports its neighbours: their pairs are called, and --follow writes them."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.cli.main import main
from codegen.gates.declare import BY_KEY, GATES
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

LAYERS = """import numpy as np
from jaxtyping import Float


def affine_forward(
    x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D M"], b: Float[np.ndarray, "M"]
):
    out = x @ w + b
    return out


def relu(x: Float[np.ndarray, "N D"]):
    out = np.maximum(0, x)
    return out


def scale(x: Float[np.ndarray, "N D"], a: float, eps: float = 1e-5):
    return x * a / np.sqrt(np.sum(x * x) + eps)


def kept_forward(x: Float[np.ndarray, "N D"]):
    out = np.tanh(x)
    cache = (x, out)
    return out, cache


def fill(x: Float[np.ndarray, "N D"]):
    x[0] = 2.0 * x[1]


def noisy(x: Float[np.ndarray, "N D"]):
    print("noisy")
    return x * np.random.normal(0.0, 1.0, x.shape)


def both(x: float):
    return x * x, x + 1.0


def step_forward(x: Float[np.ndarray, "N D"], h: Float[np.ndarray, "N D"]):
    after = np.tanh(x + h)
    left = after * x
    cache = after, x
    return after, left, cache


def halves(x: Float[np.ndarray, "N D"], n: int = 2):
    low = np.sin(x) * n
    high = np.cos(x * low)
    return low, high


def summary(x: Float[np.ndarray, "N D"]):
    largest = np.max(x)
    return np.sum(x * largest), x - largest, len(x)
"""
A = "np.sin(np.arange(6.0)).reshape(2, 3)"
W = "np.ones((3, 3)) - 0.3 * np.arange(3.0)"

# the body of f(x, w, b), of arrays, and what must stand in the output
PROGRAMS = {
    "one call": (
        "out = affine_forward(x, w, b)\n    return np.sum(out * out)",
        "dx, dw, db = affine_backward(dout, affine_cache)",
    ),
    "calls in calls": (
        "h = relu(affine_forward(x, w, b))\n    s = affine_forward(h, w, b)\n"
        "    return np.sum(s * s)",
        "relu_backward(dh, relu_cache)",
    ),
    "calls in an expression": (
        "return np.sum(affine_forward(x, w, b)) + np.mean(relu(x) * 2)",
        "relu_backward(",
    ),
    "a loop": (
        "for _ in range(3):\n        a = affine_forward(x, w, b)\n        x = relu(a)\n"
        "    return x",
        "affine_caches.append(affine_cache)",
    ),
    "a branch": (
        "y = affine_forward(x, w, b)\n    if y[0, 0] > 0:\n        y = scale(y, 1.7)\n"
        "    return y * 2",
        "scale_backward(",
    ),
    "defaults and keywords": (
        "y = scale(x, a=2.0, eps=0.3) + scale(x, 3.0)\n    return np.sum(y * (x @ w + b))",
        "scale_forward(x, a=2.0, eps=0.3)",
    ),
    "the author's own cache": (
        "h, h_cache = kept_forward(affine_forward(x, w, b))\n    return np.sum(h * x)",
        "h, h_cache = kept_forward(affine_out)",
    ),
    "random numbers": (
        "y = noisy(x)\n    return np.sum(np.tanh(y) * (noisy(x) @ w + b))",
        "noisy_backward(",
    ),
    "several outputs": (
        "a, c = both(b[1])\n    return a * c * np.sum(x @ w)",
        "(a, c), both_cache = both_forward(b[1])",
    ),
    "several outputs, and the author's own cache": (
        "h = x * 0.5\n    for _ in range(3):\n        h, c, step_cache = step_forward(x, h)\n"
        "        x = x + c\n    return np.sum(h * x)",
        "h, c, step_cache = step_forward(x, h)",
    ),
    "one of several outputs": (
        "low, high = halves(x, n=3)\n    s, shifted, _ = summary(high)\n    return s * 2",
        "(s, shifted), summary_cache = summary_forward(high)",
    ),
    "several outputs as a tuple": (
        "both_of = halves(x)\n    return np.sum(both_of[0] * both_of[1] ** 2)",
        "halves_backward(",
    ),
    "a choice": (
        "y = relu(x) if b[0] > 0 else x * w[0]\n    return np.sum(y * y)",
        "relu_backward(",
    ),
    "a header of an if": (
        "y = x * 2\n    if np.sum(relu(x)) > 3:\n        y = y / 2\n    return y * y",
        "relu_forward(x)",
    ),
    "names that are taken": (
        "affine_cache = np.sum(x)\n    grads = affine_forward(x, w, b)\n"
        "    return np.sum(grads) * affine_cache",
        "affine_cache_1",
    ),
}


def model(body: str) -> Source:
    names = "affine_forward, both, fill, halves, kept_forward, noisy, relu, scale, step_forward"
    names += ", summary"
    names = ", ".join(name for name in names.split(", ") if f"{name}(" in body)
    text = f"import numpy as np\nfrom layers import {names}\n\n\n"
    text += f"# codegen: example f({A}, {W}, np.ones(3))\ndef f(x, w, b):\n    {body}\n"
    return Source("model.py", text)


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> Source:
    """The neighbour, importable for the author's own code."""
    made = types.ModuleType("layers")
    exec(LAYERS, made.__dict__)
    monkeypatch.setitem(sys.modules, "layers", made)
    monkeypatch.setitem(sys.modules, "layers_split", types.ModuleType("layers_split"))
    return Source("layers.py", LAYERS)


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_calls_of_neighbours_are_gone_back_through(name: str, style: str, layers: Source) -> None:
    body, wanted = PROGRAMS[name]
    source = model(body)
    before = set(GATES), set(BY_KEY)
    made = compile_source(source, Options(neighbours={"layers": layers}, style=style))
    assert (set(GATES), set(BY_KEY)) == before
    assert wanted in made.text
    assert "from layers_split import" in made.text
    assert "from layers import" not in made.text
    job = Job(None, source.text, made.text, made.functions, 0, made.modules)
    for answer in verify(job):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_what_is_written_is_that_of_the_module_alone(layers: Source) -> None:
    made = compile_source(model("return np.sum(relu(x))"), Options(neighbours={"layers": layers}))
    alone = compile_source(layers, Options(("relu",), style="split")).text
    assert dict(made.modules) == {"layers_split": alone}


REFUSED = {
    "a procedure": ("fill(x)\n    return np.sum(x * x)", "writes into `x`"),
    "one value taken as two": ("a, c = relu(x)\n    return a", "returns one value"),
    "two taken as one": ("a = kept_forward(x)\n    return a", "a value and a cache"),
    "a cache that is read": (
        "h, c = kept_forward(x)\n    return np.sum(h) + np.sum(c[0])",
        "whose contents are not yours",
    ),
    "two taken as three": ("a, c, s = both(b[0])\n    return a * np.sum(x)", ""),
    "a call that may not run": (
        "return np.sum([v * np.sum(relu(x)) for v in b])",
        "may not run",
    ),
    "a header": (
        "while np.sum(relu(x)) > 3:\n        x = x / 2\n    return x",
        "in the header of a `while`",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str, layers: Source) -> None:
    body, words = REFUSED[name]
    with pytest.raises(codegen.CodegenError) as caught:
        compile_source(model(body), Options(neighbours={"layers": layers}))
    assert words in str(caught.value)
    assert all(problem.help for problem in caught.value.problems)


def test_cycles_are_refused() -> None:
    one = "import numpy as np\nfrom two import g\n\n\ndef f(x: float):\n    return g(x)\n"
    two = "import numpy as np\nfrom one import f\n\n\ndef g(x: float):\n    return f(x)\n"
    neighbours = {"one": Source("one.py", one), "two": Source("two.py", two)}
    with pytest.raises(codegen.CodegenError, match="a cycle: two imports one imports two"):
        compile_source(neighbours["one"], Options(neighbours=neighbours))


def test_follow_writes_the_modules_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.codegen]\n", encoding="utf-8")
    (tmp_path / "base.py").write_text(LAYERS, encoding="utf-8")
    blocks = (
        "import numpy as np\nfrom jaxtyping import Float\nfrom base import affine_forward, relu\n"
        '\n\ndef block(x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D M"], '
        'b: Float[np.ndarray, "M"]):\n    return relu(affine_forward(x, w, b))\n'
    )
    (tmp_path / "blocks.py").write_text(blocks, encoding="utf-8")
    text = "import numpy as np\nfrom blocks import block\n\n\n"
    text += f"# codegen: example f({A}, {W}, np.ones(3))\n"
    text += "def f(x, w, b):\n    return np.sum(block(block(x, w, b), w, b))\n"
    (tmp_path / "model.py").write_text(text, encoding="utf-8")
    assert main(["model.py", "--follow"]) == 0
    folder = tmp_path / "generated"
    written = ["base_split.py", "blocks_split.py", "model_grad.py"]
    assert sorted(path.name for path in folder.glob("*.py")) == written
    assert main(["model.py", "--follow", "--check"]) == 0
    capsys.readouterr()
    assert main(["model.py", "--verify"]) == 0
    assert "f: w: largest deviation" in capsys.readouterr().out
    monkeypatch.syspath_prepend(str(folder))
    names: dict[str, Any] = {}
    exec((folder / "model_grad.py").read_text(encoding="utf-8"), names)
    for name in ("base_split", "blocks_split"):
        sys.modules.pop(name, None)
    x, w = np.sin(np.arange(6.0)).reshape(2, 3), np.ones((3, 3)) - 0.3 * np.arange(3.0)
    value, gradients = names["f_grad"](x, w, np.ones(3))
    assert np.isfinite(value)
    assert [g.shape for g in gradients] == [(2, 3), (3, 3), (3,)]
    (tmp_path / "base.py").write_text(LAYERS.replace("maximum(0, x)", "tanh(x)"), encoding="utf-8")
    assert main(["model.py", "--follow", "--check"]) == 1


def test_what_is_no_function_to_go_back_through_is_imported_as_it_is(layers: Source) -> None:
    config = Source("config.py", "RATE = 0.3\n\n\ndef load(path):\n    return open(path).read()\n")
    text = (
        "import numpy as np\nfrom config import load\n\n\n"
        "def f(x: float):\n    return np.sin(x)\n\n\nif __name__ == '__main__':\n    load('x')\n"
    )
    neighbours = {"config": config, "layers": layers}
    made = compile_source(Source("model.py", text), Options(neighbours=neighbours))
    assert made.text == compile_source(Source("model.py", text), Options()).text


def test_what_a_neighbour_does_besides_happens_once_also_where_its_value_is_not_read(
    layers: Source, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = model("noisy(x)\n    unused = noisy(x)\n    return np.sum(x * np.random.normal())")
    made = compile_source(source, Options(neighbours={"layers": layers}))
    for name, text in made.modules:
        module = types.ModuleType(name)
        exec(text, module.__dict__)
        monkeypatch.setitem(sys.modules, name, module)
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    exec(made.text, ours)
    exec(source.text, theirs)
    arguments = np.ones((2, 3)), np.ones((3, 3)), np.ones(3)
    np.random.seed(3)
    expected = theirs["f"](*arguments)
    assert capsys.readouterr().out == "noisy\nnoisy\n"
    np.random.seed(3)
    assert ours["f_grad"](*arguments)[0] == expected
    assert capsys.readouterr().out == "noisy\nnoisy\n"
