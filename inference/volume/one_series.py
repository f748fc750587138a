"""Do these instances make one volume, as far as their headers say? The reason where they do not."""

from collections import Counter
from collections.abc import Callable, Sequence

from pydicom.dataset import Dataset

from inference.errors import GeometryRefused
from inference.volume.attributes import whole_number, word, words

_APART = "Send each as a series of its own"


def require_one_series(headers: Sequence[Dataset]) -> None:
    """Raise GeometryRefused at the first reason: several series, an instance twice, a localizer, colour, mixes.

    ``headers``: at least one.
    """
    for reason_to_refuse in _REASONS:
        reason = reason_to_refuse(headers)
        if reason is not None:
            raise GeometryRefused(reason)


def _of_several_series(headers: Sequence[Dataset]) -> str | None:
    count = len({word(header, "SeriesInstanceUID") for header in headers})
    return f"the instances belong to {count} series; a volume is made of one" if count > 1 else None


def _given_twice(headers: Sequence[Dataset]) -> str | None:
    uid, count = Counter(word(header, "SOPInstanceUID") for header in headers).most_common(1)[0]
    return f"the instance {uid} is there {count} times; give it once" if count > 1 else None


def _localizer(headers: Sequence[Dataset]) -> str | None:
    count = sum("LOCALIZER" in words(header, "ImageType") for header in headers)
    if count == 0:
        return None
    if count == len(headers):
        return "the series is a localizer (scout), by its Image Type: it is no volume"
    return f"{count} of {len(headers)} instances are localizers (scouts), by their Image Type. {_APART}"


def _colour(headers: Sequence[Dataset]) -> str | None:
    found = {word(header, "PhotometricInterpretation") for header in headers}
    if found <= {"MONOCHROME1"} or found <= {"MONOCHROME2"}:
        return None
    said = ", ".join(sorted(each or "nothing" for each in found))
    return f"the images are {said} (Photometric Interpretation); a volume is MONOCHROME1 or 2 throughout"


def _sizes(headers: Sequence[Dataset]) -> str | None:
    found = Counter((whole_number(header, "Rows"), whole_number(header, "Columns")) for header in headers)
    if len(found) == 1:
        return None
    said = ", ".join(f"{count} of {rows} x {columns}" for (rows, columns), count in found.most_common(3))
    return f"the slices have different Rows and Columns ({said}): {_APART.lower()}"


_REASONS: tuple[Callable[[Sequence[Dataset]], str | None], ...] = (
    _of_several_series,
    _given_twice,
    _localizer,
    _colour,
    _sizes,
)
