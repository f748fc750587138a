"""The two stages put together: one network that serves, and its parts for who teaches it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from inference.zoo.detection.box_head import box_head
from inference.zoo.detection.decision import decide
from inference.zoo.detection.design import Design
from inference.zoo.detection.mask_head import mask_head
from inference.zoo.detection.proposals import propose
from inference.zoo.detection.pyramid import pyramid
from inference.zoo.detection.region_head import region_head
from inference.zoo.detection.roi_align import roi_align
from inference.zoo.detection.step import Step


@dataclass(frozen=True, kw_only=True)
class Rcnn:
    """A detector. ``network`` is what is trained, saved and exported; the others share its weights."""

    design: Design
    network: keras.Model
    """{'image': (n, rows, columns, channels)} to {'boxes', 'scores', 'classes', 'valid'} and with masks 'masks'."""
    first_stage: keras.Model
    """image -> {'levels': the pyramid, 'objectness': (n, anchors), 'codes': (n, anchors, 4)}."""
    box_head: keras.Model
    mask_head: keras.Model | None


def assemble(design: Design, backbone: keras.Model, *, with_masks: bool, name: str) -> Rcnn:
    """Put pyramid and heads on ``backbone``, which gives features (n, rows / stride, …) for each of the strides.

    Raises ValueError where it does not.
    """
    _require_grids(design, backbone)
    image = keras.Input(backbone.inputs[0].shape[1:], name="image")
    first_stage = _first_stage(design, backbone)
    boxes = box_head(
        bins=design.box_bins,
        channels=design.pyramid_channels,
        hidden=design.hidden,
        classes=design.classes,
    )
    masks = (
        mask_head(bins=design.mask_bins, channels=design.pyramid_channels, classes=design.classes)
        if with_masks
        else None
    )
    outputs = _served(design, first_stage(image), boxes, masks)
    network = keras.Model({"image": image}, outputs, name=name)
    return Rcnn(design=design, network=network, first_stage=first_stage, box_head=boxes, mask_head=masks)


def _require_grids(design: Design, backbone: keras.Model) -> None:
    wanted = [(design.rows // stride, design.columns // stride) for stride in design.strides]
    given = [tuple(features.shape[1:3]) for features in backbone.outputs]
    if given != wanted:
        raise ValueError(
            f"the backbone gives features on grids of {given}, the design's strides {design.strides} ask for {wanted}; "
            "build both for the same rows, columns and strides"
        )


def _first_stage(design: Design, backbone: keras.Model) -> keras.Model:
    image = keras.Input(backbone.inputs[0].shape[1:])
    levels = pyramid(backbone(image), design.pyramid_channels)
    head = region_head(design.pyramid_channels, design.anchors_a_cell)
    answers = [head(level) for level in levels]
    outputs = {
        "levels": levels,
        "objectness": layers.Concatenate(axis=1)([answer["objectness"] for answer in answers]),
        "codes": layers.Concatenate(axis=1)([answer["codes"] for answer in answers]),
    }
    return keras.Model(image, outputs, name="first_stage")


def _served(design: Design, first: Any, boxes: keras.Model, masks: keras.Model | None) -> dict[str, Any]:
    """The second stage on the proposals of the first; then masks of the boxes that stay, as He et al. do in use."""
    levels = first["levels"]
    propose_ = Step(partial(propose, design=design), name="proposals")
    proposals = propose_([first["objectness"], first["codes"]])
    said = boxes(Step(partial(_read, design, design.box_bins), name="regions")([proposals, *levels]))
    decide_ = Step(partial(_decide, design), name="decision")
    outputs: dict[str, Any] = decide_([proposals, said["logits"], said["codes"]])
    if masks is not None:
        inside = Step(partial(_read_for_masks, design), name="mask_regions")([outputs["boxes"], *levels])
        outputs["masks"] = Step(_of_class, name="masks")([masks(inside), outputs["classes"]])
    return outputs


def _read(design: Design, bins: int, boxes: tf.Tensor, *levels: tf.Tensor) -> tf.Tensor:
    return roi_align(levels, boxes, strides=design.strides, bins=bins)


def _read_for_masks(design: Design, boxes: tf.Tensor, *levels: tf.Tensor) -> tf.Tensor:
    """The boxes of all images one after the other, as the mask head reads them."""
    bins = design.mask_bins
    return tf.reshape(_read(design, bins, boxes, *levels), (-1, bins, bins, design.pyramid_channels))


def _decide(
    design: Design, proposals: tf.Tensor, logits: tf.Tensor, codes: tf.Tensor
) -> dict[str, tf.Tensor]:
    kept = decide(proposals, logits, codes, design)
    return {"boxes": kept.boxes, "scores": kept.scores, "classes": kept.classes, "valid": kept.valid}


def _of_class(logits: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
    """(n * boxes, rows, columns, classes) logits to the probabilities of each box's own class, (n, boxes, …)."""
    rows, columns, kinds = logits.shape[1:]
    apart = tf.reshape(logits, (-1, classes.shape[1], rows, columns, kinds))
    own = tf.one_hot(classes, kinds, dtype=logits.dtype)[:, :, tf.newaxis, tf.newaxis, :]
    return tf.sigmoid(tf.reduce_sum(apart * own, axis=-1))
