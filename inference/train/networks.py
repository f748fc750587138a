"""From the recipe's ``[network]`` to a network of the zoo, and what it begins from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.train.recipe.network import Classifier, Cnn, Network, Rcnn, Unet
from inference.zoo.backbones import feature_backbone
from inference.zoo.classifier import classifier
from inference.zoo.cnn import cnn
from inference.zoo.detection.design import Design
from inference.zoo.detection.rcnn import Rcnn as Detector
from inference.zoo.faster_rcnn import faster_rcnn
from inference.zoo.mask_rcnn import mask_rcnn
from inference.zoo.unet import unet

Shape = tuple[int, ...]

_TASKS = {
    "unet": "segmentation",
    "cnn": "classification",
    "classifier": "classification",
    "faster_rcnn": "detection",
    "mask_rcnn": "detection",
}


def require_task(table: Network, manifest: Manifest) -> None:
    """Raise TrainingRefused where this kind of network cannot answer the manifest's task."""
    wanted = manifest.model.task
    if _TASKS[table.kind] != wanted:
        fitting = " or ".join(kind for kind, task in _TASKS.items() if task == wanted)
        raise TrainingRefused(
            f"[network] kind = '{table.kind}' is for {_TASKS[table.kind]}, but model.toml says {wanted}; use {fitting}"
        )


def input_shape(manifest: Manifest, values: Shape) -> Shape:
    """What the network reads, without its channel: the manifest's patch, else an input as preprocessing gives it.

    Raises TrainingRefused for a network on planes where the inputs are volumes.
    """
    if manifest.io.input_rank == 4 and len(values) == 3:
        raise TrainingRefused(
            "model.toml's network reads planes, but the inputs are volumes; declare one on volumes: "
            "[io] input_rank = 5 and output_rank = 5, with a [predict] patch"
        )
    patch = manifest.predict.patch
    if patch is None:
        return values
    return tuple(patch) if manifest.io.input_rank == 5 else tuple(patch[1:])


def channels_of(manifest: Manifest) -> int:
    """How many channels or classes the network gives: one more than the highest that the manifest names."""
    output = manifest.output
    if manifest.model.task == "detection":
        return 1 + max(box.class_id for box in output.box)
    named = [*output.channels, *(finding.channel for finding in output.finding)]
    return 1 + max(named)


def build_network(
    table: Unet | Cnn | Classifier, manifest: Manifest, shape: Shape, beside: Path
) -> keras.Model:
    """The network for inputs of ``shape``, from (rows, columns) to (slices, rows, columns); weights by chance.

    Files that the table names lie relative to ``beside``. Raises TrainingRefused where the zoo cannot build it.
    """
    try:
        return _build(table, manifest, shape, beside)
    except (ValueError, FileNotFoundError) as error:
        raise TrainingRefused(f"[network] {error}") from error


def build_detector(table: Rcnn, manifest: Manifest, shape: Shape, beside: Path) -> Detector:
    """As ``build_network``, for boxes on images of ``shape`` (rows, columns)."""
    try:
        design = Design(rows=shape[0], columns=shape[1], classes=channels_of(manifest), **_measures(table))
        body = _backbone(table, shape, beside)
        make = mask_rcnn if table.kind == "mask_rcnn" else faster_rcnn
        return make(design, base=table.base, backbone=body)
    except (ValueError, FileNotFoundError) as error:
        raise TrainingRefused(f"[network] {error}") from error


def _build(table: Unet | Cnn | Classifier, manifest: Manifest, shape: Shape, beside: Path) -> keras.Model:
    classes, activation = channels_of(manifest), manifest.predict.activation
    rows, columns = shape[-2:]
    if isinstance(table, Unet):
        return unet(
            rows=rows,
            columns=columns,
            slices=shape[0] if len(shape) == 3 else None,
            classes=classes,
            base=table.base,
            depth=table.depth,
            normalisation=None if table.normalisation == "none" else table.normalisation,
            dropout=table.dropout,
            activation=activation,
        )
    if isinstance(table, Cnn):
        return cnn(rows=rows, columns=columns, channels=1, classes=classes, activation=activation)
    return classifier(
        table.backbone,
        rows=rows,
        columns=columns,
        classes=classes,
        weights=_beside(beside, table.backbone_weights),
        dropout=table.dropout,
        activation=activation,
    )


def _measures(table: Rcnn) -> dict[str, Any]:
    keys = ("strides", "anchor_scales", "anchor_ratios", "pyramid_channels", "hidden", "candidates")
    return {key: getattr(table, key) for key in (*keys, "proposals", "detections")}


def _backbone(table: Rcnn, shape: Sequence[int], beside: Path) -> keras.Model | None:
    if table.backbone is None:
        return None
    weights = _beside(beside, table.backbone_weights)
    return feature_backbone(
        table.backbone, rows=shape[0], columns=shape[1], strides=table.strides, weights=weights
    )


def _beside(folder: Path, name: str | None) -> Path | None:
    return None if name is None else folder / name
