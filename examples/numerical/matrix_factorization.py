import numpy as np
from jaxtyping import Bool, Float


# codegen: example loss(np.sin(np.arange(8.0)).reshape(4, 2), np.cos(np.arange(6.0)).reshape(3, 2), np.arange(4.0), np.arange(3.0), np.arange(12.0).reshape(4, 3) / 6, np.arange(12).reshape(4, 3) % 3 > 0)
# codegen: wrt=U,V,user,item
def loss(
    U: Float[np.ndarray, "N K"],
    V: Float[np.ndarray, "M K"],
    user: Float[np.ndarray, "N"],
    item: Float[np.ndarray, "M"],
    ratings: Float[np.ndarray, "N M"],
    seen: Bool[np.ndarray, "N M"],
    reg: float = 0.1,
):
    """Squared error of the ratings that were seen, with a penalty on the factors."""
    guess = U @ V.T + user[:, None] + item[None, :]
    error = np.where(seen, guess - ratings, 0)
    return np.sum(error**2) + reg * (np.sum(U**2) + np.sum(V**2))
