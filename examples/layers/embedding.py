# codegen: example word_embedding_forward(np.array([[0, 2, 2], [1, 0, 3]]), np.arange(8.0).reshape(4, 2) * 0.3 - 1)
def word_embedding_forward(x, W):
    """
    Forward pass for word embeddings: each word of a minibatch of N sequences
    of length T gets its vector of dimension D, out of a vocabulary of V words.

    Inputs:
    - x: Integer array of shape (N, T) giving indices of words
    - W: Weight matrix of shape (V, D) giving word vectors for all words

    Returns a tuple of:
    - out: Array of shape (N, T, D) giving word vectors for all input words
    - cache: what the backward pass needs
    """
    out = W[x]
    cache = (x, W.shape)
    return out, cache


# codegen: example temporal_affine_forward(np.arange(12.0).reshape(2, 3, 2) * 0.3 - 1, np.arange(8.0).reshape(2, 4) * 0.2 - 1, np.array([0.1, -0.4, 0.2, 0.7]))
def temporal_affine_forward(x, w, b):
    """
    Forward pass for a temporal affine layer: the same affine function at each
    of the T timesteps of each of the N sequences.

    Inputs:
    - x: Input data of shape (N, T, D)
    - w: Weights of shape (D, M)
    - b: Biases of shape (M,)

    Returns a tuple of:
    - out: Output data of shape (N, T, M)
    - cache: what the backward pass needs
    """
    N, T, D = x.shape
    M = b.shape[0]
    out = x.reshape(N * T, D).dot(w).reshape(N, T, M) + b
    cache = (x, w, b, out)
    return out, cache
