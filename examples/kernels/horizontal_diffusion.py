import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example horizontal_diffusion(np.arange(72.0).reshape(6, 6, 2) ** 1.3 * 0.1, np.zeros((2, 2, 2)), np.ones((2, 2, 2)) * 0.3)
def horizontal_diffusion(
    field: Float[Array, "I J K"],
    out: Float[Array, "I-4 J-4 K"],
    coeff: Float[Array, "I-4 J-4 K"],
):
    """A limited fourth-order diffusion on a grid with a halo of two."""
    lap = 4.0 * field[1:-1, 1:-1, :] - (
        field[2:, 1:-1, :] + field[:-2, 1:-1, :] + field[1:-1, 2:, :] + field[1:-1, :-2, :]
    )
    res = lap[1:, 1:-1, :] - lap[:-1, 1:-1, :]
    flx = np.where(res * (field[2:-1, 2:-2, :] - field[1:-2, 2:-2, :]) > 0, 0, res)
    res = lap[1:-1, 1:, :] - lap[1:-1, :-1, :]
    fly = np.where(res * (field[2:-2, 2:-1, :] - field[2:-2, 1:-2, :]) > 0, 0, res)
    out[:, :, :] = field[2:-2, 2:-2, :] - coeff * (
        flx[1:, :, :] - flx[:-1, :, :] + fly[:, 1:, :] - fly[:, :-1, :]
    )
