"""The kernels as JAX has them: without writing into arrays, loops as scans of fixed length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

jax.config.update("jax_enable_x64", True)

Array = Any


def atax(A: Array, x: Array) -> Array:
    return (A @ x) @ A


def bicg(A: Array, p: Array, r: Array) -> tuple[Array, Array]:
    return r @ A, A @ p


def cholesky(A: Array) -> Array:
    """Column after column; the upper triangle stays as it is."""
    below = jnp.arange(len(A))

    def column(A: Array, k: Array) -> tuple[Array, None]:
        root = jnp.sqrt(A[k, k])
        scaled = jnp.where(below > k, A[:, k] / root, 0)
        lower = (below[:, None] >= below[None, :]) & (below[None, :] > k)
        A = A - jnp.where(lower, jnp.outer(scaled, scaled), 0)
        A = A.at[:, k].set(jnp.where(below > k, scaled, A[:, k]))
        return A.at[k, k].set(root), None

    return lax.scan(column, A, below)[0]


def durbin(r: Array) -> Array:
    N = len(r)
    place = jnp.arange(N)

    def step(carried: tuple[Array, ...], k: Array) -> tuple[tuple[Array, ...], None]:
        y, alpha, beta = carried
        beta = beta * (1 - alpha * alpha)
        known = place < k
        turned = jnp.where(known, y[(k - 1 - place) % N], 0)
        reversed_r = jnp.where(known, r[(k - 1 - place) % N], 0)
        alpha = -(r[k] + reversed_r @ jnp.where(known, y, 0)) / beta
        y = jnp.where(known, y + alpha * turned, y)
        return (y.at[k].set(alpha), alpha, beta), None

    start = jnp.zeros(N).at[0].set(-r[0]), -r[0], jnp.array(1.0)
    return lax.scan(step, start, jnp.arange(1, N))[0][0]


def gemm(alpha: Array, beta: Array, C: Array, A: Array, B: Array) -> Array:
    return alpha * A @ B + beta * C


def jacobi_1d(steps: int, A: Array, B: Array) -> tuple[Array, Array]:
    def step(pair: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], None]:
        A, B = pair
        B = B.at[1:-1].set(0.33333 * (A[:-2] + A[1:-1] + A[2:]))
        return (A.at[1:-1].set(0.33333 * (B[:-2] + B[1:-1] + B[2:])), B), None

    return lax.scan(step, (A, B), None, length=steps - 1)[0]


def _cross(A: Array) -> Array:
    return 0.2 * (A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1])


def jacobi_2d(steps: int, A: Array, B: Array) -> tuple[Array, Array]:
    def step(pair: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], None]:
        A, B = pair
        B = B.at[1:-1, 1:-1].set(_cross(A))
        return (A.at[1:-1, 1:-1].set(_cross(B)), B), None

    return lax.scan(step, (A, B), None, length=steps - 1)[0]


def lu(A: Array) -> Array:
    """Column after column, with an update of all that is right of it."""
    place = jnp.arange(len(A))

    def column(A: Array, k: Array) -> tuple[Array, None]:
        scaled = jnp.where(place > k, A[:, k] / A[k, k], 0)
        A = A - jnp.outer(scaled, jnp.where(place > k, A[k], 0))
        return A.at[:, k].set(jnp.where(place > k, scaled, A[:, k])), None

    return lax.scan(column, A, place)[0]


def mvt(x1: Array, x2: Array, y1: Array, y2: Array, A: Array) -> tuple[Array, Array]:
    return x1 + A @ y1, x2 + y2 @ A


def seidel_2d(steps: int, A: Array) -> Array:
    def entry(left: Array, total: Array) -> tuple[Array, Array]:
        new = (total + left) / 9.0
        return new, new

    def row(A: Array, i: Array) -> tuple[Array, None]:
        above, own, below = A[i - 1], A[i], A[i + 1]
        total = above[:-2] + above[1:-1] + above[2:] + own[1:-1] + own[2:]
        total = total + below[:-2] + below[1:-1] + below[2:]
        return A.at[i, 1:-1].set(lax.scan(entry, own[0], total)[1]), None

    def sweep(A: Array, _: None) -> tuple[Array, None]:
        return lax.scan(row, A, jnp.arange(1, len(A) - 1))[0], None

    return lax.scan(sweep, A, None, length=steps - 1)[0]


def spmv(rows: Array, cols: Array, vals: Array, x: Array) -> Array:
    count = len(rows) - 1
    own = jnp.repeat(jnp.arange(count), rows[1:] - rows[:-1], total_repeat_length=len(vals))
    return jax.ops.segment_sum(vals * x[cols], own, num_segments=count)


def thomas(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    def down(before: tuple[Array, Array], row: tuple[Array, ...]) -> Any:
        upper, right = before
        a, b, c, d = row
        divided = 1.0 / (b - upper * a)
        after = c * divided, (d - right * a) * divided
        return after, after

    first = c[0] / b[0], d[0] / b[0]
    _, (uppers, rights) = lax.scan(down, first, (a[1:], b[1:], c[1:], d[1:]))
    uppers = jnp.concatenate((first[0][None], uppers))
    rights = jnp.concatenate((first[1][None], rights))

    def up(below: Array, row: tuple[Array, Array]) -> tuple[Array, Array]:
        upper, right = row
        new = right - upper * below
        return new, new

    _, solved = lax.scan(up, rights[-1], (uppers[:-1], rights[:-1]), reverse=True)
    return uppers, jnp.concatenate((solved, rights[-1:]))


def trisolv(L: Array, x: Array, b: Array) -> Array:
    def row(x: Array, i: Array) -> tuple[Array, None]:
        known = jnp.where(jnp.arange(len(x)) < i, x, 0)
        return x.at[i].set((b[i] - L[i] @ known) / L[i, i]), None

    return lax.scan(row, x, jnp.arange(len(x)))[0]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    made.__name__: made
    for made in (
        atax,
        bicg,
        cholesky,
        durbin,
        gemm,
        jacobi_1d,
        jacobi_2d,
        lu,
        mvt,
        seidel_2d,
        spmv,
        thomas,
        trisolv,
    )
}


def gradient(name: str, wrt: list[int], arguments: tuple[Any, ...], seeds: list[Any]) -> Any:
    """Return a call without arguments that gives value and gradients, compiled."""
    function = FUNCTIONS[name]
    free = [jnp.asarray(arguments[place]) for place in wrt]
    cotangents = [jnp.asarray(seed) for seed in seeds]

    def both(free: list[Any]) -> Any:
        def of(*inputs: Any) -> Any:
            given = list(arguments)
            for place, one in zip(wrt, inputs, strict=True):
                given[place] = one
            return function(*given)

        value, back = jax.vjp(of, *free)
        given_back = cotangents[0] if len(cotangents) == 1 else tuple(cotangents)
        return value, back(given_back)

    compiled = jax.jit(both)
    return lambda: jax.block_until_ready(compiled(free))
