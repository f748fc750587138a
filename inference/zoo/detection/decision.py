"""From what the second stage says of every proposal to the boxes that the network gives."""

import tensorflow as tf

from inference.zoo.detection.box_coding import clip, decode
from inference.zoo.detection.design import Design
from inference.zoo.detection.overlap import area
from inference.zoo.detection.suppression import Kept, suppress


def decide(proposals: tf.Tensor, logits: tf.Tensor, codes: tf.Tensor, design: Design) -> Kept:
    """Proposals (n, proposals, 4), logits and codes as of ``box_head`` to at most ``design.detections`` boxes.

    Each class moves a proposal its own way and is suppressed by itself; the background is left out. A proposal may
    come out as two classes.
    """
    boxes = clip(decode(codes, proposals[:, :, tf.newaxis, :]), design.rows, design.columns)
    scores = tf.nn.softmax(logits)[..., : design.classes]
    # Empty places of the first stage are no places of the image, whatever the head makes of them.
    scores = tf.where(area(proposals)[..., tf.newaxis] > 0.0, scores, 0.0)
    return suppress(
        boxes,
        scores,
        overlap_at_most=design.overlap_at_most,
        score_above=design.score_above,
        keep=design.detections,
    )
