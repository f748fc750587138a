"""From what the first stage says of every anchor to the boxes that the second stage looks at (Ren et al. 2015, 3.3)."""

import tensorflow as tf

from inference.zoo.detection.box_coding import clip, decode
from inference.zoo.detection.design import Design
from inference.zoo.detection.suppression import suppress

SMALLEST_SIDE = 1.0
"""In pixels; what is left of a box at the border may be less, and shows nothing."""


def propose(objectness: tf.Tensor, codes: tf.Tensor, design: Design) -> tf.Tensor:
    """Objectness (n, anchors) logits and codes (n, anchors, 4) to the best proposals (n, design.proposals, 4).

    Clipped to the image, after suppression among the best ``design.candidates`` of all levels together; places that
    stay empty are zeros. No gradient flows through them: the stages learn side by side.
    """
    anchors = tf.constant(design.anchors)
    best = tf.math.top_k(objectness, k=min(design.candidates, anchors.shape[0]))
    boxes = decode(tf.gather(codes, best.indices, batch_dims=1), tf.gather(anchors, best.indices))
    boxes = clip(boxes, design.rows, design.columns)
    sides = boxes[..., 2:] - boxes[..., :2]
    is_box = tf.reduce_all(sides >= SMALLEST_SIDE, axis=-1)
    kept = suppress(
        boxes[:, :, tf.newaxis, :],
        tf.where(is_box, tf.sigmoid(best.values), -1.0)[..., tf.newaxis],
        overlap_at_most=design.proposal_overlap_at_most,
        score_above=0.0,
        keep=design.proposals,
    )
    return tf.stop_gradient(kept.boxes)
