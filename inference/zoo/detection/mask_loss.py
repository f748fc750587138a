"""What the mask head is taught: of positive boxes, the pixels of the true object (He et al. 2017, section 3)."""

import tensorflow as tf

from inference.zoo.detection import losses
from inference.zoo.detection.mask_targets import mask_targets
from inference.zoo.detection.pupils import Pupils


def mask_loss(logits: tf.Tensor, pupils: Pupils, masks: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
    """The mean binary cross-entropy of the true class' mask over the positive pupils, a scalar.

    ``logits``: (n * pupils, rows, columns, classes). ``masks`` (n, most, image rows, image columns), 0 or 1, and
    ``classes`` (n, most) are the truth.
    """
    pupil_count = pupils.boxes.shape[1]
    rows, columns, kinds = logits.shape[1:]
    apart = tf.reshape(logits, (-1, pupil_count, rows, columns, kinds))
    own = tf.one_hot(tf.gather(classes, pupils.truth, batch_dims=1), kinds, dtype=logits.dtype)
    said = tf.reduce_sum(apart * own[:, :, tf.newaxis, tf.newaxis, :], axis=-1)
    wanted = mask_targets(masks, pupils.boxes, pupils.truth, rows)
    entropy = tf.reduce_mean(losses.cross_entropy(wanted, said), axis=(2, 3))
    return losses.mean_over(entropy, pupils.positive)
