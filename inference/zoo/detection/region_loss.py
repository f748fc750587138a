"""What the first stage is taught: which anchors show an object, and how it lies (Ren et al. 2015, equation 1)."""

import tensorflow as tf

from inference.zoo.detection import losses
from inference.zoo.detection.box_coding import encode
from inference.zoo.detection.design import Design
from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.matching import ANCHORS, Matches, match
from inference.zoo.detection.sampling import sample


def region_loss(
    objectness: tf.Tensor,
    codes: tf.Tensor,
    boxes: tf.Tensor,
    present: tf.Tensor,
    design: Design,
    lesson: Lesson,
) -> dict[str, tf.Tensor]:
    """``objectness`` and ``proposal_boxes``, scalars, from logits (n, anchors) and codes (n, anchors, 4).

    ``boxes``: (n, most, 4), of which those ``present`` (n, most) count. Means over the anchors that teach; boxes
    over the positive ones.
    """
    anchors = tf.broadcast_to(tf.constant(design.anchors), tf.shape(codes))
    matches = match(anchors, boxes, present, ANCHORS)
    wanted = encode(tf.gather(boxes, matches.truth, batch_dims=1), anchors)
    chosen = _sampled(matches, lesson)
    distance = tf.reduce_mean(losses.smooth_l1(codes - wanted), axis=-1)
    return {
        "objectness": _objectness(objectness, matches, chosen, lesson),
        "proposal_boxes": losses.mean_over(distance, chosen & matches.positive),
    }


def _sampled(matches: Matches, lesson: Lesson) -> tf.Tensor:
    if lesson.loss == "focal":
        return matches.positive | matches.negative
    return sample(
        matches.positive,
        matches.negative,
        tf.random.uniform(tf.shape(matches.truth)),
        count=lesson.anchors,
        positive_share=lesson.positive_anchors,
    )


def _objectness(logits: tf.Tensor, matches: Matches, chosen: tf.Tensor, lesson: Lesson) -> tf.Tensor:
    labels = tf.cast(matches.positive, logits.dtype)
    if lesson.loss == "cross_entropy":
        return losses.mean_over(losses.cross_entropy(labels, logits), chosen)
    # Over the positive anchors (Lin et al. 2017, section 4.1): of the many negative ones most weigh nothing.
    sum_of_all = tf.reduce_sum(losses.focal(labels, logits) * tf.cast(chosen, logits.dtype))
    return sum_of_all / tf.maximum(tf.reduce_sum(labels), 1.0)
