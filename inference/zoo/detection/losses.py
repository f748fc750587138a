"""What the two stages minimise, value by value; who sums them up is ``objective``."""

import tensorflow as tf

FOCUS = 2.0
POSITIVE_WEIGHT = 0.25


def cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Binary cross-entropy, the shape of both: labels 0 or 1 against logits."""
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)


def focal(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Focal loss (Lin et al., ICCV 2017, arXiv:1708.02002, equation 5): what is easy weighs (1 - p)^2, so little.

    Of the labels' shape. Positives weigh 0.25, negatives 0.75, as in the paper.
    """
    probability = tf.sigmoid(logits)
    wrong = labels * (1 - probability) + (1 - labels) * probability
    weight = labels * POSITIVE_WEIGHT + (1 - labels) * (1 - POSITIVE_WEIGHT)
    return weight * wrong**FOCUS * cross_entropy(labels, logits)


def class_cross_entropy(classes: tf.Tensor, logits: tf.Tensor, *, focus: float = 0.0) -> tf.Tensor:
    """Softmax cross-entropy: classes (…) int32 against logits (…, classes); with ``focus`` times (1 - p)^focus."""
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits)
    return (1.0 - tf.exp(-entropy)) ** focus * entropy if focus else entropy


def smooth_l1(difference: tf.Tensor) -> tf.Tensor:
    """Half the square below 1, the distance less a half beyond (Fast R-CNN, Girshick 2015, equation 3)."""
    distance = tf.abs(difference)
    return tf.where(distance < 1.0, 0.5 * distance**2, distance - 0.5)


def mean_over(values: tf.Tensor, which: tf.Tensor) -> tf.Tensor:
    """The mean of those ``values`` that ``which`` (bool, the same shape) chooses; 0 where it chooses none."""
    chosen = tf.cast(which, values.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(values * chosen), tf.reduce_sum(chosen))
