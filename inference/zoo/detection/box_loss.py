"""What the second stage is taught of boxes: their class, and how the object lies (Girshick 2015, equations 1 to 3)."""

import tensorflow as tf

from inference.zoo.detection import losses
from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.pupils import Pupils


def box_loss(
    logits: tf.Tensor, codes: tf.Tensor, pupils: Pupils, boxes: tf.Tensor, classes: tf.Tensor, lesson: Lesson
) -> dict[str, tf.Tensor]:
    """``classes`` and ``boxes``, scalars, from what ``box_head`` says of the pupils.

    ``boxes`` (n, most, 4) and ``classes`` (n, most) are the truth. Means over the pupils; boxes over the positive
    ones, and for the true class only.
    """
    background = logits.shape[-1] - 1
    kinds = tf.where(pupils.positive, tf.gather(classes, pupils.truth, batch_dims=1), background)
    focus = losses.FOCUS if lesson.loss == "focal" else 0.0
    entropy = losses.class_cross_entropy(kinds, logits, focus=focus)
    wanted = encode(tf.gather(boxes, pupils.truth, batch_dims=1), pupils.boxes)
    own = tf.gather(codes, tf.minimum(kinds, background - 1), batch_dims=2)
    distance = tf.reduce_mean(losses.smooth_l1(own - wanted), axis=-1)
    return {
        "classes": losses.mean_over(entropy, pupils.chosen),
        "boxes": losses.mean_over(distance, pupils.positive),
    }
