"""What comes of one analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inference.confidence.confidence import Confidence
from inference.encode.analysed import EncodedResult
from inference.measure import Measured
from inference.postprocess.rules import Firing


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``refused``: the gate kept the model from speaking, ``reasons`` say why, and so does the one result.
    ``flagged``: there are results, and ``reasons`` for a human to look, those of the expert rules among them.
    ``seconds`` is wall time by station.
    """

    verdict: Literal["accepted", "flagged", "refused"]
    reasons: tuple[str, ...]
    seconds: Mapping[str, float]
    results: tuple[EncodedResult, ...] = ()
    preview_png: bytes | None = None
    confidence: tuple[Confidence, ...] = ()
    measured: tuple[Measured, ...] = ()
    firings: tuple[Firing, ...] = ()
