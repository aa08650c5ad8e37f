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


def _inner(A: Array) -> tuple[Array, ...]:
    """Return the inner part, and what is left, right, above and below of it."""
    return A[1:-1, 1:-1], A[1:-1, :-2], A[1:-1, 2:], A[:-2, 1:-1], A[2:, 1:-1]


def cavity_flow(
    nt: int,
    nit: int,
    u: Array,
    v: Array,
    p: Array,
    dt: Array,
    dx: Array,
    dy: Array,
    rho: Array,
    nu: Array,
) -> tuple[Array, Array, Array]:
    def sweep(p: Array, b: Array) -> Array:
        _, left, right, above, below = _inner(p)
        total = (right + left) * dy**2 + (below + above) * dx**2 - dx**2 * dy**2 * b
        p = p.at[1:-1, 1:-1].set(total / (2 * (dx**2 + dy**2)))
        p = p.at[:, -1].set(p[:, -2])
        p = p.at[0, :].set(p[1, :])
        p = p.at[:, 0].set(p[:, 1])
        return p.at[-1, :].set(0)

    def moved(one: Array, u: Array, v: Array, push: Array) -> Array:
        own, left, right, above, below = _inner(one)
        new = own - u * dt / dx * (own - left) - v * dt / dy * (own - above) - push
        new = new + nu * dt * ((right - 2 * own + left) / dx**2 + (below - 2 * own + above) / dy**2)
        return one.at[1:-1, 1:-1].set(new)

    def step(carried: tuple[Array, ...], _: None) -> tuple[tuple[Array, ...], None]:
        u, v, p = carried
        u_own, u_left, u_right, u_above, u_below = _inner(u)
        v_own, v_left, v_right, v_above, v_below = _inner(v)
        u_x, u_y = (u_right - u_left) / (2 * dx), (u_below - u_above) / (2 * dy)
        v_x, v_y = (v_right - v_left) / (2 * dx), (v_below - v_above) / (2 * dy)
        b = rho * ((u_x + v_y) / dt - u_x**2 - 2 * u_y * v_x - v_y**2)
        p = lax.scan(lambda p, _: (sweep(p, b), None), p, None, length=nit)[0]
        _, left, right, above, below = _inner(p)
        u, v = (
            moved(u, u_own, v_own, dt / (2 * rho * dx) * (right - left)),
            moved(v, u_own, v_own, dt / (2 * rho * dy) * (below - above)),
        )
        for edge in ((0,), (slice(None), 0), (slice(None), -1), (-1,)):
            u = u.at[edge].set(1 if edge == (-1,) else 0)
            v = v.at[edge].set(0)
        return (u, v, p), None

    return lax.scan(step, (u, v, p), None, length=nt)[0]


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


def lenet(images: Array, *weights: Array) -> Array:
    conv1, bias1, conv2, bias2, fc1, b1, fc2, b2, fc3, b3 = weights

    def conv(x: Array, w: Array) -> Array:
        kinds = ("NHWC", "HWIO", "NHWC")
        return lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=kinds)

    def pool(x: Array) -> Array:
        N, H, W, C = x.shape
        return jnp.max(x.reshape(N, H // 2, 2, W // 2, 2, C), axis=(2, 4))

    x = pool(jnp.maximum(conv(images, conv1) + bias1, 0))
    x = pool(jnp.maximum(conv(x, conv2) + bias2, 0))
    x = x.reshape(len(images), -1)
    x = jnp.maximum(x @ fc1 + b1, 0)
    return jnp.maximum(x @ fc2 + b2, 0) @ fc3 + b3


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


def vertical_advection(
    utens_stage: Array, u_stage: Array, wcon: Array, u_pos: Array, utens: Array, dtr_stage: Array
) -> Array:
    """Levels first: two scans, down and up."""
    fields = (utens_stage, u_stage, u_pos, utens)
    utens_stage, u_stage, u_pos, utens = (jnp.moveaxis(one, 2, 0) for one in fields)
    flow = jnp.moveaxis(0.25 * (wcon[1:] + wcon[:-1]), 2, 0)
    nothing = jnp.zeros_like(flow[:1])
    below = jnp.concatenate((nothing, -0.5 * flow[1:]))
    above = jnp.concatenate((0.5 * flow[1:], nothing))
    slope = u_stage[1:] - u_stage[:-1]
    right = dtr_stage * u_pos + utens + utens_stage
    right = right + below * jnp.concatenate((nothing, slope))
    right = right - above * jnp.concatenate((slope, nothing))
    middle = dtr_stage - below - above

    def down(before: tuple[Array, Array], level: tuple[Array, ...]) -> Any:
        upper, solved = before
        low, own, high, new = level
        divided = 1.0 / (own - upper * low)
        after = high * divided, (new - solved * low) * divided
        return after, after

    start = jnp.zeros_like(flow[0]), jnp.zeros_like(flow[0])
    _, (uppers, rights) = lax.scan(down, start, (below, middle, above, right))

    def up(behind: Array, level: tuple[Array, Array]) -> tuple[Array, Array]:
        upper, solved = level
        new = solved - upper * behind
        return new, new

    _, solved = lax.scan(up, jnp.zeros_like(flow[0]), (uppers, rights), reverse=True)
    return jnp.moveaxis(dtr_stage * (solved - u_pos), 0, 2)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    made.__name__: made
    for made in (
        atax,
        bicg,
        cavity_flow,
        cholesky,
        durbin,
        gemm,
        jacobi_1d,
        jacobi_2d,
        lenet,
        lu,
        mvt,
        seidel_2d,
        spmv,
        thomas,
        trisolv,
        vertical_advection,
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
