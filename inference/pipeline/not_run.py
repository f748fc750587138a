"""A report on an analysis that did not take place: that the model is silent must be heard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset

from inference.encode.analysed import EncodedResult
from inference.encode.refusal import encode_refusal
from inference.pipeline.model import LoadedModel
from inference.pipeline.wishes import NO_WISHES, Wishes
from inference.volume.attributes import word
from inference.volume.instance import read_instance
from inference.volume.stored_instance import open_instance


def report_not_run(
    model: LoadedModel,
    sources: Sequence[Path],
    reasons: Sequence[str],
    *,
    now: datetime,
    wishes: Wishes = NO_WISHES,
) -> EncodedResult:
    """An SR that says why ``model`` gave nothing for the instances at ``sources``, whichever order they are in.

    Raises InputUnreadable where one of them has no header that can be read: then there is nothing to report on.
    """
    with disable_value_validation():
        report = encode_refusal(
            manifest=model.manifest,
            digest=model.digest,
            now=now,
            headers=_headers(sources),
            reasons=reasons,
            series=wishes.series,
            replaces=wishes.replaces,
        )
    return replace(report, encodings=wishes.encodings)


def _headers(sources: Sequence[Path]) -> tuple[Dataset, ...]:
    """Of the instances of one series, by their UIDs; the first, from which patient and study are copied, is whole."""
    if len(sources) == 1:
        return (read_instance(sources[0], without_pixels=True),)
    opened = {word(header, "SOPInstanceUID"): (header, path) for header, path in map(_opened, sources)}
    (_, first), *others = (opened[uid] for uid in sorted(opened))
    whole = read_instance(first, without_pixels=True)
    series = word(whole, "SeriesInstanceUID")
    return (whole, *(header for header, _ in others if word(header, "SeriesInstanceUID") == series))


def _opened(path: Path) -> tuple[Dataset, Path]:
    return open_instance(path).header, path
