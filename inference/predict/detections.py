"""The named outputs of a network that marks boxes, in one form whatever its export chose."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import PredictionFailed
from inference.package.prediction import DetectionOutputs
from inference.predict.probabilities import require_probabilities, require_shape

Arrays = dict[str, npt.NDArray[Any]]


def read_detections(
    given: Mapping[str, npt.NDArray[Any]], io: DetectionOutputs, image: tuple[int, int]
) -> Arrays:
    """Raw boxes of one image (rows, columns), cut to those that are meant, before any postprocessing.

    ``boxes`` (n, 4) float32: row_min, column_min, row_max, column_max in pixels of ``image``, where 0, 0 is the outer
    corner of the first pixel. ``scores`` (n,) float32. ``classes`` (n,) int64. ``masks`` (n, mask rows, mask columns)
    float32 relative to the box, where the network gives some.
    Raises PredictionFailed where the outputs do not belong together or hold what is no number.
    """
    most = given[io.boxes].shape[1]
    require_shape("boxes", given[io.boxes], (1, None, 4))
    count = _count(given, io, most)
    found = {
        "boxes": _boxes(given[io.boxes][0, :count], io, image),
        "scores": _one(given, io.scores, "scores", (1, most))[:count],
        "classes": _whole("classes", _one(given, io.classes, "classes", (1, most))[:count]),
    }
    if io.masks is not None:
        found["masks"] = _one(given, io.masks, "masks", (1, most, None, None))[:count]
    for name in ("scores", "masks"):
        if name in found and count:
            require_probabilities(found[name])
    return found


def _count(given: Mapping[str, npt.NDArray[Any]], io: DetectionOutputs, most: int) -> int:
    if io.count is None:
        return most
    require_shape("count", given[io.count], (1,))
    count = int(_whole("count", given[io.count])[0])
    if not 0 <= count <= most:
        raise PredictionFailed(f"the network says that {count} of its {most} boxes are meant")
    return count


def _one(
    given: Mapping[str, npt.NDArray[Any]], name: str, role: str, shape: tuple[int | None, ...]
) -> npt.NDArray[Any]:
    require_shape(role, given[name], shape)
    values: npt.NDArray[Any] = given[name][0]
    return values


def _whole(role: str, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    # A NaN is not equal to itself; infinity has no whole number.
    if not np.isfinite(values).all() or (values != np.rint(values)).any():
        raise PredictionFailed(f"the network gave {role} that are no whole numbers")
    return values.astype(np.int64)


def _boxes(
    boxes: npt.NDArray[np.float32], io: DetectionOutputs, image: tuple[int, int]
) -> npt.NDArray[np.float32]:
    if not np.isfinite(boxes).all():
        raise PredictionFailed("the network gave boxes that are no numbers")
    if io.box_order == "columns_first":
        boxes = boxes[:, [1, 0, 3, 2]]
    if io.box_unit == "fraction":
        boxes = boxes * np.array([*image, *image], np.float32)
    return boxes
