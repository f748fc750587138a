"""Mask R-CNN: Faster R-CNN that also says which pixels are the object's (He et al., ICCV 2017, arXiv:1703.06870)."""

import keras

from inference.zoo.detection.design import Design
from inference.zoo.detection.rcnn import Rcnn, assemble
from inference.zoo.detection.stages import stages


def mask_rcnn(
    design: Design, *, channels: int = 1, base: int = 16, backbone: keras.Model | None = None
) -> Rcnn:
    """Build a detector as ``faster_rcnn.faster_rcnn`` does, with one output more and the same arguments.

    ``masks`` (n, detections, 2 * mask_bins, 2 * mask_bins) float32: the probability that a point of the box belongs
    to the object, the grid stretched over the box. ``[io.detection]`` masks = "masks".
    """
    body = backbone or stages(
        rows=design.rows, columns=design.columns, channels=channels, base=base, strides=design.strides
    )
    return assemble(design, body, with_masks=True, name="mask_rcnn")
