"""Faster R-CNN: propose regions, then look into each (Ren, He, Girshick and Sun, NeurIPS 2015, arXiv:1506.01497).

On a feature pyramid (Lin et al., CVPR 2017, arXiv:1612.03144), with RoIAlign (He et al., ICCV 2017). No kept library
for Keras 3 has it: keras-cv ended with 0.9.0, whose own is for Keras 2; keras-hub 0.32 has one-stage detectors only.
"""

import keras

from inference.zoo.detection.design import Design
from inference.zoo.detection.rcnn import Rcnn, assemble
from inference.zoo.detection.stages import stages


def faster_rcnn(
    design: Design, *, channels: int = 1, base: int = 16, backbone: keras.Model | None = None
) -> Rcnn:
    """Build a detector whose ``network`` gives the boxes that count, after suppression, in arrays of fixed shapes.

    It maps {'image': (n, rows, columns, channels)} to ``boxes`` (n, detections, 4) float32: row_min, column_min,
    row_max, column_max in pixels of the image, where 0, 0 is its outer corner; ``scores`` (n, detections) float32, the
    best first; ``classes`` (n, detections) int32 from 0; ``valid`` (n,) int32, how many of them count. In a model.toml
    that is ``[io.detection]`` with boxes = "boxes", scores = "scores", classes = "classes", count = "valid".

    ``base``: filters of the small backbone at full resolution. ``backbone``: another in its place, see
    ``backbones.feature_backbone``. It is taught by ``detection.objective``. Raises ValueError where the backbone
    does not give features for the strides of ``design``.
    """
    body = backbone or stages(
        rows=design.rows, columns=design.columns, channels=channels, base=base, strides=design.strides
    )
    return assemble(design, body, with_masks=False, name="faster_rcnn")
