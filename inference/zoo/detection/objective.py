"""What a two-stage detector is taught: all stages at once, from one look at the images (Ren et al. 2015, 3.2)."""

from dataclasses import fields
from typing import Any

import tensorflow as tf

from inference.zoo.detection.box_loss import box_loss
from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.mask_loss import mask_loss
from inference.zoo.detection.proposals import propose
from inference.zoo.detection.pupils import Pupils, choose
from inference.zoo.detection.rcnn import Rcnn
from inference.zoo.detection.region_loss import region_loss
from inference.zoo.detection.roi_align import roi_align


def objective(
    rcnn: Rcnn,
    images: tf.Tensor,
    boxes: tf.Tensor,
    classes: tf.Tensor,
    masks: tf.Tensor | None = None,
    *,
    lesson: Lesson | None = None,
    training: bool = True,
) -> dict[str, tf.Tensor]:
    """Scalars to minimise, by name; ``total`` is their sum.

    ``images``: (n, rows, columns, channels). ``boxes``, ``classes``: as of ``truth.pad_truth``. ``masks``: (n, most,
    rows, columns), 0 or 1, which a detector with a mask head needs. Names: ``objectness``, ``proposal_boxes``,
    ``classes``, ``boxes``, ``masks``. Chance, in the sampling, is TensorFlow's: ``keras.utils.set_random_seed``.
    Raises ValueError where masks are missing.
    """
    lesson, present = lesson or Lesson(), classes >= 0
    first = rcnn.first_stage(images, training=training)
    parts = region_loss(first["objectness"], first["codes"], boxes, present, rcnn.design, lesson)
    pupils = choose(propose(first["objectness"], first["codes"], rcnn.design), boxes, present, lesson)
    said = rcnn.box_head(_inside(rcnn, first, pupils, rcnn.design.box_bins), training=training)
    parts |= box_loss(said["logits"], said["codes"], pupils, boxes, classes, lesson)
    if rcnn.mask_head is not None:
        if masks is None:
            raise ValueError("a Mask R-CNN learns from masks: give one for each box")
        positive = _first_of(pupils, int(lesson.proposals * lesson.positive_proposals))
        drawn = rcnn.mask_head(_for_masks(rcnn, first, positive), training=training)
        parts["masks"] = mask_loss(drawn, positive, masks, classes)
    return {**parts, "total": tf.add_n(list(parts.values()))}


def _inside(rcnn: Rcnn, first: Any, pupils: Pupils, bins: int) -> tf.Tensor:
    return roi_align(first["levels"], pupils.boxes, strides=rcnn.design.strides, bins=bins)


def _first_of(pupils: Pupils, count: int) -> Pupils:
    """Those that may be positive; the others have no mask to learn from."""
    return Pupils(**{field.name: getattr(pupils, field.name)[:, :count] for field in fields(Pupils)})


def _for_masks(rcnn: Rcnn, first: Any, pupils: Pupils) -> tf.Tensor:
    bins, channels = rcnn.design.mask_bins, rcnn.design.pyramid_channels
    return tf.reshape(_inside(rcnn, first, pupils, bins), (-1, bins, bins, channels))
