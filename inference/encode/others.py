"""The instances beside SEG and SR that the package asks for in ``[results] also``."""

from collections.abc import Callable

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.presentation_state import encode_presentation_state
from inference.encode.probability_map import encode_probability_maps
from inference.encode.summary import encode_summary
from inference.package.results import AlsoKind


def encode_others(analysed: Analysed) -> tuple[EncodedResult, ...]:
    """In the order of the manifest; raises ValueError where one cannot be written of what was found."""
    made: list[EncodedResult] = []
    for kind in analysed.manifest.results.also:
        made += _ENCODERS[kind](analysed)
    return tuple(made)


def _summary(analysed: Analysed) -> tuple[EncodedResult, ...]:
    return (encode_summary(analysed),)


def _presentation_state(analysed: Analysed) -> tuple[EncodedResult, ...]:
    made = encode_presentation_state(analysed)
    return () if made is None else (made,)


_ENCODERS: dict[AlsoKind, Callable[[Analysed], tuple[EncodedResult, ...]]] = {
    "summary": _summary,
    "presentation_state": _presentation_state,
    "probability_map": encode_probability_maps,
}
