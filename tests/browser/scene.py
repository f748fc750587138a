"""A scene: findings in a source, and the instances the node makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.encode.analysed import Analysed, EncodedResult, Refusal
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.refusal import encode_refusal
from inference.encode.results import encode_results


@dataclass(frozen=True, kw_only=True)
class Scene:
    """``make`` writes the source's files into a folder and gives what was found in it, by one model or by several.

    ``name`` stands in docs/viewers.md. ``segmentations``: how many SEG instances it must become. ``sentences`` must be
    read in the report; where there are none the report must be drawn.
    """

    name: str
    make: Callable[[Path], Sequence[Analysed]]
    segmentations: int
    encoding: Encoding = DEFAULT
    sentences: tuple[str, ...] = ()

    def results(self, analysed: Analysed) -> tuple[EncodedResult, ...]:
        """As the pipeline writes them."""
        if isinstance(analysed.found, Refusal):
            return (
                encode_refusal(
                    manifest=analysed.manifest,
                    digest=analysed.digest,
                    now=analysed.now,
                    headers=analysed.headers,
                    reasons=analysed.found.reasons,
                ),
            )
        return encode_results(analysed, self.encoding)
