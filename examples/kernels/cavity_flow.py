import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: skip
def build_up_b(
    b: Float[Array, "Y X"],
    rho: float,
    dt: float,
    u: Float[Array, "Y X"],
    v: Float[Array, "Y X"],
    dx: float,
    dy: float,
):
    """Write the right side of the pressure's equation into b."""
    u_x = (u[1:-1, 2:] - u[1:-1, :-2]) / (2 * dx)
    u_y = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2 * dy)
    v_x = (v[1:-1, 2:] - v[1:-1, :-2]) / (2 * dx)
    v_y = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2 * dy)
    b[1:-1, 1:-1] = rho * ((u_x + v_y) / dt - u_x**2 - 2 * u_y * v_x - v_y**2)


# codegen: skip
def pressure_poisson(
    p: Float[Array, "Y X"], dx: float, dy: float, b: Float[Array, "Y X"], nit: int
):
    """Sweep over the pressure in place, nit times."""
    for _ in range(nit):
        pn = p.copy()
        p[1:-1, 1:-1] = (
            (pn[1:-1, 2:] + pn[1:-1, :-2]) * dy**2
            + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx**2
            - dx**2 * dy**2 * b[1:-1, 1:-1]
        ) / (2 * (dx**2 + dy**2))

        p[:, -1] = p[:, -2]  # dp/dx = 0 at x = 2
        p[0, :] = p[1, :]  # dp/dy = 0 at y = 0
        p[:, 0] = p[:, 1]  # dp/dx = 0 at x = 0
        p[-1, :] = 0  # p = 0 at y = 2


# codegen: wrt=u,v,p,rho,nu
# codegen: example cavity_flow(2, 3, np.arange(20.0).reshape(4, 5) % 7 * 0.1, np.arange(20.0).reshape(4, 5) % 3 * 0.1, np.arange(20.0).reshape(4, 5) % 5 * 0.1, 0.01, 0.5, 0.5, 1.2, 0.1)
def cavity_flow(
    nt: int,
    nit: int,
    u: Float[Array, "Y X"],
    v: Float[Array, "Y X"],
    p: Float[Array, "Y X"],
    dt: float,
    dx: float,
    dy: float,
    rho: float,
    nu: float,
):
    """A fluid in a box whose lid moves: velocities u, v and pressure p, in place."""
    b = np.zeros_like(p)
    for _ in range(nt):
        un = u.copy()
        vn = v.copy()
        build_up_b(b, rho, dt, u, v, dx, dy)
        pressure_poisson(p, dx, dy, b, nit)
        u[1:-1, 1:-1] = (
            un[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, :-2])
            - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[:-2, 1:-1])
            - dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, :-2])
            + nu * dt / dx**2 * (un[1:-1, 2:] - 2 * un[1:-1, 1:-1] + un[1:-1, :-2])
            + nu * dt / dy**2 * (un[2:, 1:-1] - 2 * un[1:-1, 1:-1] + un[:-2, 1:-1])
        )
        v[1:-1, 1:-1] = (
            vn[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, :-2])
            - vn[1:-1, 1:-1] * dt / dy * (vn[1:-1, 1:-1] - vn[:-2, 1:-1])
            - dt / (2 * rho * dy) * (p[2:, 1:-1] - p[:-2, 1:-1])
            + nu * dt / dx**2 * (vn[1:-1, 2:] - 2 * vn[1:-1, 1:-1] + vn[1:-1, :-2])
            + nu * dt / dy**2 * (vn[2:, 1:-1] - 2 * vn[1:-1, 1:-1] + vn[:-2, 1:-1])
        )
        u[0, :] = 0
        u[:, 0] = 0
        u[:, -1] = 0
        u[-1, :] = 1  # the lid
        v[0, :] = 0
        v[-1, :] = 0
        v[:, 0] = 0
        v[:, -1] = 0
