"""The course's losses: the gradient function returns the loss and the gradient, as theirs do."""

import numpy as np


# codegen: example svm_loss(np.array([[0.1, 2.0, -0.3], [1.5, 0.2, 0.9]]), np.array([2, 0]))
def svm_loss(x, y):
    """
    Computes the loss for multiclass SVM classification.

    Inputs:
    - x: Input data, of shape (N, C) where x[i, j] is the score for the jth
      class for the ith input
    - y: Vector of labels, of shape (N,) where y[i] is the label for x[i]

    Returns:
    - loss: Scalar giving the loss
    """
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    return loss


# codegen: example softmax_loss(np.array([[0.1, 2.0, -0.3], [1.5, 0.2, 0.9]]), np.array([2, 0]))
def softmax_loss(x, y):
    """
    Computes the loss for softmax classification.

    Inputs:
    - x: Input data, of shape (N, C) where x[i, j] is the score for the jth
      class for the ith input
    - y: Vector of labels, of shape (N,) where y[i] is the label for x[i]

    Returns:
    - loss: Scalar giving the loss
    """
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    return loss


# codegen: example temporal_softmax_loss(np.arange(12.0).reshape(2, 2, 3) % 5 * 0.4, np.array([[2, 0], [1, 1]]), np.array([[True, True], [True, False]]))
def temporal_softmax_loss(x, y, mask):
    """
    A temporal version of softmax loss: predictions over a vocabulary of size V
    for each timestep of N sequences of length T.

    Inputs:
    - x: Input scores, of shape (N, T, V)
    - y: Ground-truth indices, of shape (N, T)
    - mask: Boolean array of shape (N, T) where mask[i, t] tells whether or not
      the scores at x[i, t] should contribute to the loss

    Returns:
    - loss: Scalar giving the loss
    """
    N, T, V = x.shape
    x_flat = x.reshape(N * T, V)
    y_flat = y.reshape(N * T)
    mask_flat = mask.reshape(N * T)

    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N
    return loss


# codegen: wrt=W
# codegen: example svm_loss_naive(np.arange(6.0).reshape(2, 3) * 0.1, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def svm_loss_naive(W, X, y, reg):
    """
    Structured SVM loss function, naive implementation (with loops).

    Inputs:
    - W: A numpy array of shape (D, C) containing weights
    - X: A numpy array of shape (N, D) containing a minibatch of data
    - y: A numpy array of shape (N,) containing training labels
    - reg: (float) regularization strength

    Returns:
    - loss as single float
    """
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # note delta = 1
            if margin > 0:
                loss += margin

    # an average instead of a sum over all training examples
    loss /= num_train

    # add regularization to the loss
    loss += reg * np.sum(W * W)
    return loss


# codegen: wrt=W
# codegen: example svm_loss_vectorized(np.arange(6.0).reshape(2, 3) * 0.1, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def svm_loss_vectorized(W, X, y, reg):
    """
    Structured SVM loss function, vectorized implementation.

    Inputs:
    - W: A numpy array of shape (D, C) containing weights
    - X: A numpy array of shape (N, D) containing a minibatch of data
    - y: A numpy array of shape (N,) containing training labels
    - reg: (float) regularization strength

    Returns:
    - loss as single float
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    correct_class_scores = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct_class_scores + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    return loss


# codegen: wrt=W
# codegen: example softmax_loss_naive(np.arange(6.0).reshape(2, 3) * 0.1, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def softmax_loss_naive(W, X, y, reg):
    """
    Softmax loss function, naive implementation (with loops).

    Inputs:
    - W: A numpy array of shape (D, C) containing weights
    - X: A numpy array of shape (N, D) containing a minibatch of data
    - y: A numpy array of shape (N,) containing training labels
    - reg: (float) regularization strength

    Returns:
    - loss as single float
    """
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)  # for numeric stability
        p = np.exp(scores)
        p /= np.sum(p)  # normalize
        loss -= np.log(p[y[i]])

    loss = loss / num_train + reg * np.sum(W * W)
    return loss


# codegen: wrt=W
# codegen: example softmax_loss_vectorized(np.arange(6.0).reshape(2, 3) * 0.1, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def softmax_loss_vectorized(W, X, y, reg):
    """
    Softmax loss function, vectorized version.

    Inputs:
    - W: A numpy array of shape (D, C) containing weights
    - X: A numpy array of shape (N, D) containing a minibatch of data
    - y: A numpy array of shape (N,) containing training labels
    - reg: (float) regularization strength

    Returns:
    - loss as single float
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(num_train), y])) / num_train
    loss += reg * np.sum(W * W)
    return loss
