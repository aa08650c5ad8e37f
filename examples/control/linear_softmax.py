import numpy as np


# codegen: wrt=W
# codegen: example softmax_loss_naive(np.arange(6.0).reshape(2, 3) * 0.1, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def softmax_loss_naive(W, X, y, reg):
    """
    Softmax loss function, naive implementation (with loops).

    Inputs:
    - W: A numpy array of shape (D, C) containing weights.
    - X: A numpy array of shape (N, D) containing a minibatch of data.
    - y: A numpy array of shape (N,) containing training labels.
    - reg: (float) regularization strength
    """
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        scores = scores - np.max(scores)  # for numeric stability
        total = 0.0
        for j in range(num_classes):
            total += np.exp(scores[j])
        loss += np.log(total) - scores[y[i]]
    loss = loss / num_train + reg * np.sum(W * W)
    return loss
