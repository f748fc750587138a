"""How many candidates of an image a detector learns from, and how their classes are weighed."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """For each image. The numbers are those of Ren et al. 2015 and Girshick 2015, halved: our images are small."""

    anchors: int = 128
    positive_anchors: float = 0.5
    """At most this share of them is positive."""
    proposals: int = 64
    positive_proposals: float = 0.25
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    """With ``focal`` all anchors teach, none is drawn, and in both stages the easy ones weigh little (Lin 2017)."""
