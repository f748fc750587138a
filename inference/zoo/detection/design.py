"""The measures of a two-stage detector: what is decided before a weight is learnt."""

from dataclasses import dataclass

import numpy as np

from inference.zoo.detection.anchors import Boxes, pyramid_anchors


@dataclass(frozen=True, kw_only=True)
class Design:
    """Sizes in pixels of the network's image. Raises ValueError where they do not go together."""

    rows: int
    columns: int
    classes: int
    """Without the background, which is the network's own affair."""
    strides: tuple[int, ...] = (8, 16, 32)
    """Pixels a cell, of each level of the pyramid; each twice the one before."""
    anchor_scales: tuple[float, ...] = (4.0, 5.66)
    """Sizes of anchors in cells of their level: 32, 45, 64, 91, 128 and 181 pixels with the strides above."""
    anchor_ratios: tuple[float, ...] = (0.5, 1.0, 2.0)
    """Height over width."""
    pyramid_channels: int = 64
    hidden: int = 256
    """Units of the box head's dense layers."""
    candidates: int = 1000
    """Anchors, the best, that suppression sees."""
    proposals: int = 100
    """Boxes that the first stage gives to the second."""
    proposal_overlap_at_most: float = 0.7
    detections: int = 20
    """Boxes that the network gives; the places that stay empty are zeros."""
    score_above: float = 0.05
    overlap_at_most: float = 0.5
    box_bins: int = 7
    mask_bins: int = 14
    """The mask has twice as many rows and columns."""

    def __post_init__(self) -> None:
        if self.classes < 1 or not self.strides or not self.anchor_scales or not self.anchor_ratios:
            raise ValueError("a detector has at least one class, one stride, one anchor scale and one ratio")
        if any(stride < 1 or stride & (stride - 1) for stride in self.strides) or any(
            fine * 2 != coarse for fine, coarse in zip(self.strides, self.strides[1:], strict=False)
        ):
            raise ValueError(
                f"strides {self.strides}: powers of 2, each twice the one before, as (8, 16, 32)"
            )
        if self.rows % self.strides[-1] or self.columns % self.strides[-1]:
            raise ValueError(
                f"{self.rows} x {self.columns} does not divide by {self.strides[-1]}, the largest stride; "
                f"use multiples of {self.strides[-1]}"
            )

    @property
    def anchors_a_cell(self) -> int:
        """How many anchors share a centre."""
        return len(self.anchor_scales) * len(self.anchor_ratios)

    @property
    def anchors(self) -> Boxes:
        """All anchors, (anchors, 4), in the order in which the region head speaks of them."""
        return np.ascontiguousarray(
            pyramid_anchors(
                self.rows,
                self.columns,
                strides=self.strides,
                scales=self.anchor_scales,
                ratios=self.anchor_ratios,
            )
        )
