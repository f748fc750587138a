"""Of boxes that overlap only the best, as many as there is room for: in the graph, with shapes that are fixed."""

from dataclasses import dataclass

import tensorflow as tf


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stayed: the first ``valid`` of ``keep`` places of each image, the best first; the others are zeros."""

    boxes: tf.Tensor
    """(n, keep, 4) float32."""
    scores: tf.Tensor
    """(n, keep) float32."""
    classes: tf.Tensor
    """(n, keep) int32."""
    valid: tf.Tensor
    """(n,) int32."""


def suppress(
    boxes: tf.Tensor, scores: tf.Tensor, *, overlap_at_most: float, score_above: float, keep: int
) -> Kept:
    """Greedy non-maximum suppression, each class by itself.

    ``boxes``: (n, candidates, classes, 4), or (n, candidates, 1, 4) where all classes share them. ``scores``:
    (n, candidates, classes). A box stays where its intersection over union with each better one that stayed is at
    most ``overlap_at_most``, and its score is above ``score_above``.
    """
    found = tf.image.combined_non_max_suppression(
        boxes,
        scores,
        max_output_size_per_class=keep,
        max_total_size=keep,
        iou_threshold=overlap_at_most,
        score_threshold=score_above,
        clip_boxes=False,
    )
    return Kept(
        boxes=found.nmsed_boxes,
        scores=found.nmsed_scores,
        classes=tf.cast(found.nmsed_classes, tf.int32),
        valid=found.valid_detections,
    )
