import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: wrt=utens_stage,u_stage,wcon,u_pos,utens
# codegen: example vertical_advection(np.arange(16.0).reshape(2, 2, 4) % 5 * 0.1, np.arange(16.0).reshape(2, 2, 4) % 7 * 0.2, np.arange(24.0).reshape(3, 2, 4) % 11 * 0.1 - 0.3, np.arange(16.0).reshape(2, 2, 4) % 3 * 0.3, np.arange(16.0).reshape(2, 2, 4) % 4 * 0.1, 3.0 / 20.0)
def vertical_advection(
    utens_stage: Float[Array, "I J K"],
    u_stage: Float[Array, "I J K"],
    wcon: Float[Array, "I+1 J K"],
    u_pos: Float[Array, "I J K"],
    utens: Float[Array, "I J K"],
    dtr_stage: float,
):
    """Advection along K, implicit: a tridiagonal system for every column, solved by Thomas.

    The new tendency is left in utens_stage.
    """
    ni, nj, nk = utens_stage.shape
    bet_m = bet_p = 0.5
    ccol = np.empty((ni, nj, nk))
    dcol = np.empty((ni, nj, nk))

    for k in range(nk):
        # each level looks down unless it is the first, and up unless it is the last
        acol = np.zeros((ni, nj))
        cs = np.zeros((ni, nj))
        correction = np.zeros((ni, nj))
        if k > 0:
            gav = -0.25 * (wcon[1:, :, k] + wcon[:-1, :, k])
            acol = gav * bet_p
            correction = correction - gav * bet_m * (u_stage[:, :, k - 1] - u_stage[:, :, k])
        if k < nk - 1:
            gcv = 0.25 * (wcon[1:, :, k + 1] + wcon[:-1, :, k + 1])
            cs = gcv * bet_p
            correction = correction - gcv * bet_m * (u_stage[:, :, k + 1] - u_stage[:, :, k])
        bcol = dtr_stage - acol - cs
        dcol[:, :, k] = dtr_stage * u_pos[:, :, k] + utens[:, :, k] + utens_stage[:, :, k]
        dcol[:, :, k] += correction

        # forward elimination
        if k > 0:
            divided = 1.0 / (bcol - ccol[:, :, k - 1] * acol)
            ccol[:, :, k] = cs * divided
            dcol[:, :, k] = (dcol[:, :, k] - dcol[:, :, k - 1] * acol) * divided
        else:
            ccol[:, :, k] = cs / bcol
            dcol[:, :, k] /= bcol

    # back substitution
    datacol = dcol[:, :, nk - 1]
    utens_stage[:, :, nk - 1] = dtr_stage * (datacol - u_pos[:, :, nk - 1])
    for k in range(nk - 2, -1, -1):
        datacol = dcol[:, :, k] - ccol[:, :, k] * datacol
        utens_stage[:, :, k] = dtr_stage * (datacol - u_pos[:, :, k])
