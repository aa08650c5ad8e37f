"""Losses in the course's signatures, and L2 regularization around them."""

import numpy as np


# codegen: example svm_loss(np.array([[0.1, 2.0, -0.3], [1.5, 0.2, 0.9]]), np.array([2, 0]))
def svm_loss(x, y):
    """
    Computes the loss for multiclass SVM classification.

    Inputs:
    - x: Input data, of shape (N, C)
    - y: Vector of labels, of shape (N,)

    Returns:
    - loss: Scalar giving the loss
    """
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins = margins * (np.arange(x.shape[1]) != y[:, np.newaxis])
    loss = np.sum(margins) / N
    return loss


# codegen: example softmax_loss(np.array([[0.1, 2.0, -0.3], [1.5, 0.2, 0.9]]), np.array([2, 0]))
def softmax_loss(x, y):
    """
    Computes the loss for softmax classification.

    Inputs:
    - x: Input data, of shape (N, C)
    - y: Vector of labels, of shape (N,)

    Returns:
    - loss: Scalar giving the loss
    """
    N = x.shape[0]
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    return loss


# codegen: wrt=W,b
# codegen: example linear_svm(np.array([[0.1, 0.2, -0.3], [0.5, 0.2, 0.9]]), np.array([0.1, -0.2, 0.3]), np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([2, 0]), 0.1)
def linear_svm(W, b, X, y, reg):
    """SVM loss of a linear classifier, with L2 regularization.

    Inputs:
    - W: weights, of shape (D, C)
    - b: biases, of shape (C,)
    - X: images, of shape (N, D)
    - y: labels, of shape (N,)
    """
    scores = X.dot(W) + b
    return svm_loss(scores, y) + reg * np.sum(W * W)


# codegen: wrt=W,b
# codegen: example linear_softmax(np.array([[0.1, 0.2, -0.3], [0.5, 0.2, 0.9]]), np.array([0.1, -0.2, 0.3]), np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([2, 0]), 0.1)
def linear_softmax(W, b, X, y, reg):
    """Softmax loss of a linear classifier, with L2 regularization.

    Inputs:
    - W: weights, of shape (D, C)
    - b: biases, of shape (C,)
    - X: images, of shape (N, D)
    - y: labels, of shape (N,)
    """
    scores = X.dot(W) + b
    return softmax_loss(scores, y) + reg * np.sum(W * W)
