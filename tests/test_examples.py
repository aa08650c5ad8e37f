"""The golden set: `generated/` is what the examples give, and as short as a person's gradient."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import codegen
from codegen.cli.main import main
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
TARGETS = ROOT / "tests" / "targets"


def load(name: str) -> ModuleType:
    """Import a module of `generated/`."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "generated" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def function(path: Path, name: str) -> ast.FunctionDef:
    """Return a function of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)


def statements(node: ast.FunctionDef) -> list[str]:
    """Return the statements of a gradient function; docstring and `float()` guards do not count."""
    texts = [ast.unparse(part) for part in node.body[1:]]
    return [text for text in texts if "float(" not in text]


def test_generated_is_what_the_examples_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0


FOLDERS = ("networks", "fitting", "control", "layers", "science", "products", "numerical")
FOLDERS += ("classes", "series", "training")


@pytest.mark.parametrize("name", FOLDERS)
def test_every_example_is_verified(name: str) -> None:
    for path in sorted((ROOT / "examples" / name).glob("*.py")):
        if path.stem == "train_digits":
            continue
        text = path.read_text(encoding="utf-8")
        made = compile_source(Source(str(path), text), Options())
        for answer in verify(Job(str(path), text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([path.name, *answer.lines])


def test_staged_gives_the_known_value_and_gradients() -> None:
    value, gradients = load("staged_grad").f_grad(3.0, -4.0)
    assert value == 1.5456448841066441
    assert gradients == (2.0595697955721652, 1.5922327514838093)


def test_the_staged_script_and_one_line_give_the_same_as_staged() -> None:
    expected = load("staged_grad").f_grad(3.0, -4.0)
    assert load("staged_script_grad").staged_script_grad(3, -4) == expected
    one_line = load("one_line_grad").f_grad(3.0, -4.0)
    np.testing.assert_allclose(np.hstack(one_line), np.hstack(expected), rtol=1e-13)


def test_staged_has_the_assignments_of_its_target_in_the_same_order() -> None:
    ours = statements(function(ROOT / "generated" / "staged_grad.py", "f_grad"))
    assert ours == statements(function(TARGETS / "staged_grad.py", "f_grad"))


@pytest.mark.parametrize(
    ("name", "gradient"),
    [("one_line", "f_grad"), ("neuron", "neuron_grad"), ("two_layer", "loss_grad")],
)
def test_no_output_has_more_statements_than_its_target(name: str, gradient: str) -> None:
    ours = statements(function(ROOT / "generated" / f"{name}_grad.py", gradient))
    assert len(ours) <= len(statements(function(TARGETS / f"{name}_grad.py", gradient)))


@pytest.mark.parametrize(
    ("name", "gradient"),
    [("rnn", "rnn_grad"), ("newton", "newton_sqrt_grad"), ("elu", "elu_grad")],
)
def test_no_loop_or_branch_has_more_statements_than_its_target(name: str, gradient: str) -> None:
    target = "branch" if name == "elu" else name
    ours = function(ROOT / "generated" / "control" / f"{name}_grad.py", gradient)
    theirs = function(TARGETS / f"{target}_grad.py", gradient)
    counts = [sum(isinstance(n, ast.stmt) for n in ast.walk(one)) for one in (ours, theirs)]
    assert counts[0] <= counts[1]


@pytest.mark.parametrize("name", ["two_layer", "affine", "quadratic"])
def test_annotated_code_carries_no_helper(name: str) -> None:
    tree = ast.parse((ROOT / "generated" / f"{name}_grad.py").read_text(encoding="utf-8"))
    assert len([n for n in tree.body if isinstance(n, ast.FunctionDef)]) == 1


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_right(path: Path) -> None:
    from codegen.pipeline import Options, compile_source
    from codegen.source import Source
    from codegen.verification.job import Job
    from codegen.verification.worker import verify

    source = Source.from_bytes(path.read_bytes(), path.name)
    made = compile_source(source, Options())
    answers = list(verify(Job(str(path), source.text, made.text, made.functions)))
    assert [answer.status for answer in answers] == [0] * len(made.functions), answers


def test_two_layer_agrees_with_its_target_in_float32_and_float64() -> None:
    rng = np.random.default_rng(0)
    spec = importlib.util.spec_from_file_location("target", TARGETS / "two_layer_grad.py")
    assert spec is not None
    assert spec.loader is not None
    target = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(target)
    for dtype, tolerance in ((np.float64, 1e-12), (np.float32, 1e-4)):
        arrays = [rng.normal(size=s).astype(dtype) for s in ((5, 4), (4, 6), (6,), (6, 3), (3,))]
        arguments = (arrays[0], np.array([0, 2, 1, 1, 0]), *arrays[1:], 0.1)
        ours = load("two_layer_grad").loss_grad(*arguments)
        theirs = target.loss_grad(*arguments)
        np.testing.assert_allclose(ours[0], theirs[0], rtol=tolerance)
        for mine, other in zip(ours[1], theirs[1], strict=True):
            assert mine.dtype == dtype
            np.testing.assert_allclose(mine, other, rtol=tolerance, atol=tolerance)


def test_generate_gives_the_same_text_as_the_command() -> None:
    text = (ROOT / "examples" / "staged.py").read_text(encoding="utf-8")
    written = (ROOT / "generated" / "staged_grad.py").read_text(encoding="utf-8")
    assert written.endswith(codegen.generate(text, filename="examples/staged.py"))


def test_a_function_object_gives_the_gradient_function() -> None:
    text = (ROOT / "examples" / "staged.py").read_text(encoding="utf-8")
    gradient = codegen.grad(text)
    assert gradient(3.0, -4.0)[0] == 1.5456448841066441
    assert "dinvden = num * df" in gradient.source  # type: ignore[attr-defined]
