"""np.einsum: gradients as an expert writes them, and random subscripts against the complex step."""

from __future__ import annotations

import random
import string
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.gates.subscripts import parse, ranked, text_of
from codegen.shapes import Misfit
from tests.gate_runs import (
    DIFFERENCES,
    EXACT,
    author,
    call,
    check_value,
    compare,
    cotangents,
    generate,
    oracle,
    unformatted,
)

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(text: str, *inputs: Any, exact: bool = True) -> None:
    wanted = tuple(range(len(inputs)))
    for cotangent in cotangents(author(text)(*inputs)):
        value, found = call(text, inputs, cotangent)
        check_value(text, inputs, value, 1e-12)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=exact)
        compare(found, expected, inputs, EXACT if exact else DIFFERENCES)


def program(subscripts: str, shapes: list[str | None], **keywords: object) -> str:
    """Return a program of one einsum; a shape of None is not declared."""
    names = string.ascii_lowercase[: len(shapes)]
    declared = [
        name if shape is None else f'{name}: Float[np.ndarray, "{shape}"]'
        for name, shape in zip(names, shapes, strict=True)
    ]
    more = "".join(f", {key}={value!r}" for key, value in keywords.items())
    result = f'np.einsum("{subscripts}", {", ".join(names)}{more})'
    return HEAD + f"def f({', '.join(declared)}):\n    C = {result}\n    return C\n"


WRITTEN = {
    ("ij,jk->ik", "N D, D M"): (
        'da = np.einsum("ik,jk->ij", dC, b)',
        'db = np.einsum("ij,ik->jk", a, dC)',
    ),
    ("ij,jk", "N D, D M"): ('da = np.einsum("ik,jk->ij", dC, b)',),
    ("ij->ji", "N D"): ("da = dC.T",),
    ("ijk->kij", "A B C"): ('da = np.einsum("kij->ijk", dC)',),
    ("ij,ij->", "N D, N D"): ("da = dC * b", "db = dC * a"),
    ("ij,ij->ij", "N D, N D"): ("da = dC * b", "db = a * dC"),
    ("ij,ij->i", "N D, N D"): ('da = np.einsum("i,ij->ij", dC, b)',),
    ("i,j->ij", "N, D"): ('da = np.einsum("ij,j->i", dC, b)',),
    ("i,ij,j->", "N, N D, D"): (
        'da = dC * np.einsum("ij,j->i", b, c)',
        'db = dC * np.einsum("i,j->ij", a, c)',
    ),
    ("ii->i", "N N"): ("da = np.diag(dC)",),
    ("ii->", "N N"): ("da = dC * np.eye(a.shape[0], dtype=a.dtype)",),
    ("kii->k", "M N N"): ('da = np.einsum("k,ib->kib", dC, np.eye(a.shape[1], dtype=a.dtype))',),
    ("...ij,...jk->...ik", "B N D, B D M"): ('da = np.einsum("...ik,...jk->...ij", dC, b)',),
    ("...ij,...jk->...ik", "B N D, D M"): (
        'da = np.einsum("...ik,jk->...ij", dC, b)',
        'db = np.einsum("bij,bik->jk", a, dC)',
    ),
    ("...ij,...jk->...ik", "B N D, 1 D M"): (
        'db = np.expand_dims(np.einsum("bij,bik->jk", a, dC), 0)',
    ),
    ("ij,jk->ik", "N 1, D M"): ('da = np.expand_dims(np.einsum("ik,jk->i", dC, b), 1)',),
    (",ij->ij", ", N D"): ('da = np.einsum("ij,ij->", dC, b)', "db = a * dC"),
}  # fmt: skip


@pytest.mark.parametrize(("subscripts", "shapes"), WRITTEN)
def test_a_gradient_is_written_as_an_expert_writes_it(subscripts: str, shapes: str) -> None:
    text = codegen.generate(program(subscripts, [part.strip() for part in shapes.split(",")]))
    lines = [line.strip() for line in text.splitlines()]
    for line in WRITTEN[subscripts, shapes]:
        assert line in lines, text


@pytest.mark.parametrize(
    ("optimize", "written"),
    [
        (True, "optimize=True"),
        (False, None),
        ("greedy", 'optimize="greedy"'),
        (["einsum_path", (0, 1), (0, 1)], "optimize=True"),
    ],
)
def test_the_gradient_is_optimized_as_the_author_has_it(
    optimize: object, written: str | None
) -> None:
    given = program("ij,jk,kl->il", ["N D", "D M", "M K"], optimize=optimize)
    text = codegen.generate(given).replace("'", '"')
    gradient = 'np.einsum("il,jk,kl->ij", dC, b, c'
    assert f"{gradient}, {written})" if written else f"{gradient})" in text
    rng = np.random.default_rng(3)
    check(given, *(rng.normal(size=shape) for shape in ((2, 3), (3, 4), (4, 2))))


def random_case(seed: int) -> tuple[str, list[tuple[int, ...]], list[list[str]]]:
    """Return subscripts with the shapes of their operands, and names for their dimensions."""
    rng = random.Random(seed)
    sizes = {letter: rng.choice((1, 2, 2, 3)) for letter in "ijkl"}
    batch = [rng.choice((1, 2, 3)) for _ in range(rng.choice((0, 0, 1, 2)))]
    count = rng.choice((1, 2, 2, 2, 3, 4))
    inputs, shapes, names = [], [], []
    for _ in range(count):
        letters = rng.choices("ijkl", k=rng.choice((0, 1, 1, 2, 2, 3)))
        # an axis may be 1 where it is longer in another operand, but not within one
        own = {x: 1 if rng.random() < 0.15 else sizes[x] for x in letters}
        axes = [(x, own[x], x.upper() if own[x] == sizes[x] else "1") for x in letters]
        if rng.random() < 0.4 and batch:
            few = batch[rng.randrange(len(batch) + 1) :]
            place = 0 if rng.random() < 0.7 else rng.randrange(len(axes) + 1)
            dots: list[tuple[str, int, str]] = [("...", 0, "")]
            axes[place:place] = dots
            at = len(batch) - len(few)
            own_batch = [(n if rng.random() < 0.8 else 1) for n in few]
            shape = (
                [n for x, n, _ in axes[:place]] + own_batch + [n for x, n, _ in axes[place + 1 :]]
            )
            named = [w for *_, w in axes[:place]]
            named += [f"B{at + i}" if n == few[i] else "1" for i, n in enumerate(own_batch)]
            named += [w for *_, w in axes[place + 1 :]]
        else:
            shape, named = [n for _, n, _ in axes], [w for *_, w in axes]
        inputs.append("".join(x for x, *_ in axes))
        shapes.append(tuple(shape))
        names.append(named)
    used = sorted({x for part in inputs for x in part.replace("...", "")})
    out = rng.sample(used, rng.randrange(len(used) + 1))
    dots_in = any("..." in part for part in inputs)
    if dots_in:
        out.insert(rng.randrange(len(out) + 1) if rng.random() < 0.4 else 0, "...")
    text = ",".join(inputs) + ("" if rng.random() < 0.2 else "->" + "".join(out))
    return text, shapes, names


def runs(seed: int, typing: str) -> bool:
    """Check one random case; False if numpy takes no such subscripts, or they are refused."""
    subscripts, shapes, names = random_case(seed)
    numbers = np.random.default_rng(seed)
    inputs = [numbers.normal(size=shape) for shape in shapes]
    declared: list[str | None] = {
        "named": [" ".join(row) for row in names],
        "sized": [" ".join(map(str, shape)) for shape in shapes],
        "undeclared": [None] * len(shapes),
    }[typing]
    text = program(subscripts, declared)
    try:
        author(text)(*inputs)
    except ValueError:
        return False
    if typing == "undeclared" and _is_refused(text):
        return False
    try:
        check(text, *inputs)
    except (AssertionError, ValueError) as error:
        if typing == "undeclared" and str(error).endswith("must be equal"):
            return False  # a letter is broadcast from 1: to be declared
        pytest.fail(f"seed {seed}: {subscripts} of {shapes} as {declared}: {error}")
    return True


def _is_refused(text: str) -> bool:
    try:
        generate(text)
    except codegen.CodegenError as error:
        return "operands of known rank" in str(error)
    return False


@pytest.mark.parametrize("typing", ["named", "sized", "undeclared"])
@pytest.mark.parametrize("start", range(0, 240, 40))
def test_random_subscripts_agree_with_the_complex_step(start: int, typing: str) -> None:
    ran = [runs(seed, typing) for seed in range(start, start + 40)]
    assert sum(ran) > 15


PAIRED = ["B N D, N D", "N D, B N D"]


@pytest.mark.parametrize("shapes", PAIRED)
@pytest.mark.parametrize("subscripts", ["i...,i...->...", "i...,j...->ij...", "i...,j...->...ji"])
def test_an_ellipsis_behind_a_letter_is_broadcast(subscripts: str, shapes: str) -> None:
    sizes = {"B": 3, "N": 3, "D": 2}
    rows = [part.split() for part in shapes.split(",")]
    rng = np.random.default_rng(0)
    inputs = [rng.normal(size=[sizes[name] for name in row]) for row in rows]
    if subscripts.startswith("i...,i"):
        rows = [[*("K",), *row[1:]] for row in rows]
    check(program(subscripts, [" ".join(row) for row in rows]), *inputs)


@pytest.mark.parametrize(
    "lines",
    [
        'C = np.where(x > 0, x, 0.0)\n    return np.einsum("ij,j->i", C, w)',
        'C = np.einsum("ij,j->i", x, w)\n    return np.where(C > 0, np.log(np.abs(C)), C)',
        'C = np.einsum("ij->ji", x)\n    return np.where(C > 0, C * C, w[:, None])',
        'C = np.einsum("ij->ji", x)\n    D = C * 2\n    D += w[:, None]\n    return C * D',
        'C = np.einsum("ij->j", x)\n    C += w\n    C *= 2\n    return C * C',
        'C = np.einsum("ij->ji", x) * w[:, None]\n    return np.einsum("ij,ij->", C, C)',
        'C = np.einsum("ij,j->ij", x, w)\n    return np.einsum("ij->", C) + np.sum(w)',
        'return np.einsum("ij,kj->ik", x, x) + np.einsum("i,i", w, w)',
        'return np.einsum("ij,ik,j->k", x, x, w) * np.einsum("ij,j->", x, w)',
        's = 0.0\n    for i in (0, 1):\n        s += np.einsum("j,j", x[i], w) ** 2\n    return s',
    ],
)
@pytest.mark.parametrize(
    "declared", ['x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D"]', "x, w"]
)
def test_it_works_among_other_gates(lines: str, declared: str) -> None:
    x = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])
    text = HEAD + f"def f({declared}):\n    {lines}\n"
    check(text, x, np.array([0.4, 1.3, -0.9]), exact=False)


ATTENTION = """
def f(Q, K, V):
    s = np.einsum("bhqd,bhkd->bhqk", Q, K)
    p = np.exp(s) / np.sum(np.exp(s), axis=-1, keepdims=True)
    out = np.einsum("bhqk,bhkd->bhqd", p, V)
    return out
"""


def test_axes_of_one_letter_are_checked_to_be_equal_where_nothing_is_declared() -> None:
    text = HEAD + ATTENTION
    made = codegen.generate(text)
    assert "_unbroadcast" not in made
    assert 'dV = np.einsum("bhqk,bhqd->bhkd", p, dout)' in made
    rng = np.random.default_rng(1)
    shapes = (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3)
    Q, K, V = (rng.normal(size=shape) for shape in shapes)
    check(text, Q, K, V)
    told = r"Q.shape\[1\], K.shape\[1\] and V.shape\[1\] must be equal"
    with pytest.raises(ValueError, match=told):
        generate(text)(Q, K[:, :1], V)
    declared = text.replace("Q, K, V)", 'Q, K: Float[np.ndarray, "B 1 S D"], V)', 1)
    check(declared, Q, K[:, :1], V)


@pytest.mark.parametrize(
    ("result", "checked"),
    [
        ('np.einsum("ii", A)', []),
        ('np.einsum("ij,jk->ik", A, A)', ["A.shape[0] and A.shape[1]"]),
        ('np.einsum("ij,jk->ik", A, B)', ["A.shape[1] and B.shape[0]"]),
        ('np.einsum("i,ij,j->", B, A, B)', ["A.shape[0], A.shape[1] and B.shape[0]"]),
        ('np.einsum("i,ii->", B, A)', ["A.shape[0] and B.shape[0]"]),
        ('np.einsum("ij,jk->", A, B) if A.ndim == 2 else np.sum(A) + np.sum(B)', []),
    ],
)
def test_only_what_numpy_would_broadcast_is_checked(result: str, checked: list[str]) -> None:
    text = codegen.generate(HEAD + f"def f(A, B):\n    return {result} + np.sum(B)\n")
    found = [line.split('"')[1] for line in text.splitlines() if "must be equal" in line]
    assert found == [f"{axes} must be equal" for axes in checked]


def test_a_written_view_is_refused() -> None:
    lines = ('y = np.einsum("ii->i", x)', "y[0] = 2.0", "return np.sum(y * y)")
    text = 'def f(x: Float[np.ndarray, "N N"]):\n' + "".join(f"    {line}\n" for line in lines)
    with pytest.raises(codegen.CodegenError, match="may be another name, or a view"):
        codegen.generate(HEAD + text)


def test_subscripts_are_read_as_numpy_reads_them() -> None:
    assert parse("ba", 1).output == ("a", "b")
    assert parse("ij, jk", 2).output == ("i", "k")
    assert parse("b...a,aB", 2).output == ("...", "B", "b")
    with pytest.raises(Misfit, match="for 2 operands, and 1 are given"):
        parse("i,j", 1)


def test_the_axes_of_an_ellipsis_are_spelled_out_only_where_one_is_summed() -> None:
    found = ranked(parse("...ij,jk->...ik", 2), [4, 2])
    assert text_of([found.inputs[0], found.inputs[1]], found.output) == "...ij,jk->...ik"
    assert text_of([found.inputs[0], found.output], found.inputs[1]) == "baij,baik->jk"
