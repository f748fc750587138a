"""The lesson of detection: both stages of a Faster or Mask R-CNN are taught at once, from boxes and their masks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.encode.box_masks import paste
from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.postprocess.detections import Detections
from inference.train.case import Boxes, Example, Truth
from inference.train.evaluate.dice import dice
from inference.train.evaluate.overlap import pair
from inference.train.losses.tables import CrossEntropyTable, FocalTable, LossTable
from inference.zoo.detection.lesson import Lesson as Candidates
from inference.zoo.detection.losses import FOCUS
from inference.zoo.detection.objective import objective
from inference.zoo.detection.rcnn import Rcnn
from inference.zoo.detection.truth import pad_truth

FOUND = 0.5
"""The least intersection over union at which a box counts as found in ``score``."""


class DetectionLesson:
    """See ``lesson.Lesson``. An image has at most as many boxes as the detector gives.

    Raises TrainingRefused for a loss that a detector has not: it knows cross_entropy and focal, without class weights.
    """

    def __init__(self, detector: Rcnn, manifest: Manifest, loss: LossTable) -> None:
        self.network = detector.network
        self._detector = detector
        self._candidates = _candidates(loss)
        self._least = {box.class_id: box.score_at_least for box in manifest.output.box}
        self._answer = tf.function(lambda images: detector.network({"image": images}, training=False))

    def targets(self, truths: Sequence[Truth]) -> tuple[npt.NDArray[Any], ...]:
        """Boxes (n, most, 4) float32 and classes (n, most) int32, -1 where there is none; with a mask head also masks
        (n, most, rows, columns) uint8. Raises TrainingRefused for truths that a detector cannot learn from."""
        boxes = [_boxes(truth) for truth in truths]
        try:
            corners, classes = pad_truth(
                [each.boxes for each in boxes],
                [each.classes for each in boxes],
                most=self._detector.design.detections,
                design=self._detector.design,
            )
        except ValueError as error:
            raise TrainingRefused(f"boxes cannot be learnt from: {error}") from error
        if self._detector.mask_head is None:
            return corners, classes
        return corners, classes, self._masks(boxes)

    def loss(self, images: tf.Tensor, *targets: tf.Tensor) -> tf.Tensor:
        """The sum of what both stages are taught, images (n, rows, columns, 1) float32."""
        return objective(self._detector, images, *targets, lesson=self._candidates)["total"]

    def score(self, examples: Sequence[Example]) -> float:
        """Panoptic quality (Kirillov et al., CVPR 2019, equation 1) of the boxes that the manifest counts, 0 to 1.

        The sum of the overlaps of pairs, over the pairs and half of what was missed and half of what was too many.
        With a mask head a pair counts the mean of its overlap and of its masks' Dice.
        """
        quality, whole = 0.0, 0.0
        for example in examples:
            truth, found = _boxes(example.truth), self._detect(example)
            pairs = pair(truth.boxes, truth.classes, found.boxes, found.classes, at_least=FOUND)
            quality += sum(_quality(each, found=found, truth=truth) for each in pairs)
            whole += (len(truth.boxes) + len(found.boxes)) / 2
        return quality / whole if whole else 1.0

    def _masks(self, boxes: Sequence[Boxes]) -> npt.NDArray[np.uint8]:
        design = self._detector.design
        masks = np.zeros((len(boxes), design.detections, design.rows, design.columns), np.uint8)
        for number, each in enumerate(boxes):
            if each.masks is None:
                raise TrainingRefused(
                    "a mask_rcnn learns from a mask for each box; name them in [data.boxes] masks, or use faster_rcnn"
                )
            masks[number, : len(each.masks)] = each.masks
        return masks

    def _detect(self, example: Example) -> Detections:
        given = self._answer(tf.constant(example.values[np.newaxis, ..., np.newaxis]))
        said = {name: np.asarray(value)[0] for name, value in given.items()}
        count = int(said["valid"])
        which = [
            k for k in range(count) if said["scores"][k] >= self._least.get(int(said["classes"][k]), np.inf)
        ]
        masks = said["masks"][which] if "masks" in said else None
        return Detections(
            boxes=said["boxes"][which],
            scores=said["scores"][which],
            classes=said["classes"][which].astype(np.int64),
            masks=masks,
        )


def _candidates(table: LossTable) -> Candidates:
    if not isinstance(table, CrossEntropyTable | FocalTable):
        raise TrainingRefused(f"[loss] kind = '{table.kind}' is not for boxes; use cross_entropy or focal")
    if table.class_weights is not None:
        raise TrainingRefused(
            "[loss] class_weights are not for boxes; a detector evens out its own candidates"
        )
    if isinstance(table, FocalTable) and table.focus != FOCUS:
        raise TrainingRefused(f"[loss] focus of a detector is {FOCUS:g}; leave it out")
    return Candidates(loss=table.kind)


def _boxes(truth: Truth) -> Boxes:
    if not isinstance(truth, Boxes):
        raise TrainingRefused("a detection learns from boxes; correct [data]")
    return truth


def _quality(match: tuple[int, int, float], *, found: Detections, truth: Boxes) -> float:
    wanted, number, overlap = match
    if found.masks is None or truth.masks is None:
        return overlap
    row_min, column_min, row_max, column_max = map(float, found.boxes[number])
    rows, columns = truth.masks.shape[1:]
    layer = paste(found.masks[number], (row_min, column_min, row_max, column_max), rows, columns)
    return (overlap + dice(layer, truth.masks[wanted])) / 2
