"""The results of one analysis in every way of storing that somebody asks for; nothing is written twice."""

from collections.abc import Sequence
from dataclasses import replace

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.encoding import Encoding
from inference.encode.others import encode_others
from inference.encode.results import encode_results


def encode_forms(analysed: Analysed, encodings: Sequence[Encoding]) -> tuple[EncodedResult, ...]:
    """What ``encode_results`` gives for each of ``encodings``, and what ``encode_others`` gives.

    An instance that several give is there once; its ``encodings`` say for which. Raises ValueError as they do.
    """
    made: dict[Encoding, tuple[EncodedResult, ...]] = {}
    # What has no limit of frames comes first: where it keeps within a limit, the limit asks for nothing else.
    for encoding in sorted(set(encodings), key=_by_limit):
        twin = next((each for each in made if _serves(each, made[each], encoding)), None)
        made[encoding] = encode_results(analysed, encoding) if twin is None else made[twin]
    others = encode_others(analysed)
    return _merged([(encoding, (*made[encoding], *others)) for encoding in dict.fromkeys(encodings)])


def _by_limit(encoding: Encoding) -> tuple[str, str, float]:
    limit = encoding.most_frames
    return encoding.form, encoding.compression, -limit if limit is not None else -float("inf")


def _serves(other: Encoding, results: Sequence[EncodedResult], encoding: Encoding) -> bool:
    """Whether these results, written for a limit as high or higher, keep within the limit of ``encoding``."""
    is_alike = (other.form, other.compression) == (encoding.form, encoding.compression)
    limit = encoding.most_frames
    return is_alike and limit is not None and all(result.frames <= limit for result in results)


def _merged(
    made: Sequence[tuple[Encoding, Sequence[EncodedResult]]],
) -> tuple[EncodedResult, ...]:
    merged: dict[str, EncodedResult] = {}
    for encoding, results in made:
        for result in results:
            known = merged.get(result.sop_instance_uid, replace(result, encodings=()))
            merged[result.sop_instance_uid] = replace(known, encodings=(*known.encodings, encoding))
    return tuple(merged.values())
