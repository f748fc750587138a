"""What is really there, in arrays of one shape for images with different numbers of boxes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.zoo.detection.design import Design

NOTHING = -1
"""The class of an empty place."""

Boxes = npt.NDArray[np.float32]
Classes = npt.NDArray[np.int32]


def pad_truth(
    boxes: Sequence[npt.ArrayLike], classes: Sequence[npt.ArrayLike], *, most: int, design: Design
) -> tuple[Boxes, Classes]:
    """Boxes (n_i, 4) and classes (n_i,) of each image to (images, most, 4) and (images, most), filled with -1.

    Raises ValueError for more boxes than ``most``, a box without area or outside the image, and a class that is
    not 0 to ``design.classes`` - 1; the message gives the image's number.
    """
    padded = np.zeros((len(boxes), most, 4), np.float32)
    kinds = np.full((len(boxes), most), NOTHING, np.int32)
    for number, (corners, labels) in enumerate(zip(boxes, classes, strict=True)):
        image_boxes = np.asarray(corners, np.float32).reshape(-1, 4)
        image_classes = np.asarray(labels, np.int32).reshape(-1)
        if reason := _reason_not_to_learn(image_boxes, image_classes, most, design):
            raise ValueError(f"image {number} {reason}")
        padded[number, : len(image_boxes)] = image_boxes
        kinds[number, : len(image_classes)] = image_classes
    return padded, kinds


def _reason_not_to_learn(boxes: Boxes, classes: Classes, most: int, design: Design) -> str | None:
    if len(boxes) != len(classes):
        return f"has {len(boxes)} boxes and {len(classes)} classes; give one class for each box"
    if len(boxes) > most:
        return f"has {len(boxes)} boxes; raise 'most', which is {most}"
    # A NaN makes each of these comparisons false, and so is refused with the rest.
    edge = np.array([design.rows, design.columns], np.float32)
    whole = (boxes[:, 2:] > boxes[:, :2]) & (boxes[:, :2] >= 0) & (boxes[:, 2:] <= edge)
    if not whole.all():
        return f"has a box that is empty or leaves the image of {design.rows} x {design.columns}; correct or clip it"
    if ((classes < 0) | (classes >= design.classes)).any():
        return f"has a class that is not 0 to {design.classes - 1}; number the classes from 0"
    return None
