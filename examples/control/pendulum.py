import math


# codegen: example pendulum(0.5, 0.1, 9.81, 1.2, 0.05, 10)
def pendulum(theta: float, omega: float, g: float, length: float, dt: float, steps: int):
    """The angle of a pendulum after some steps of the classical Runge-Kutta method."""

    def rhs(theta, omega):
        return omega, -g / length * math.sin(theta)

    for _ in range(steps):
        v1, a1 = rhs(theta, omega)
        v2, a2 = rhs(theta + 0.5 * dt * v1, omega + 0.5 * dt * a1)
        v3, a3 = rhs(theta + 0.5 * dt * v2, omega + 0.5 * dt * a2)
        v4, a4 = rhs(theta + dt * v3, omega + dt * a3)
        theta += dt / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
        omega += dt / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
    return theta
