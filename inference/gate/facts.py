"""Are the instances what ``[input]`` asks for? Asked again of the very instances the worker has read.

Routing looked at one instance of a series, and a folder of files was looked at by nobody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from inference.package.input import Input
from inference.package.match import Attributes, Rules, reasons_to_decline
from inference.volume.elements import KEPT_KEYWORDS

LOCALIZER = "LOCALIZER"
"""Image Type value 3 of a scout, topogram or scanogram (PS3.3 C.8.2.1.1.1, C.7.6.16)."""

_SCOUT = "it is a localizer (scout) by its ImageType; the model reads images for diagnosis"


def reasons_unfit(headers: Sequence[Dataset], wanted: Input) -> tuple[str, ...]:
    """Every rule of ``[input]`` that an instance of ``headers`` does not meet, and whether one is a localizer.

    The first header is whole; of the others a Volume keeps what tells slices apart, and no more is asked of them.
    Where only some of the instances break a rule, the sentence says how many.
    """
    of_slices = {keyword: rule for keyword, rule in wanted.rules.items() if keyword in KEPT_KEYWORDS}
    found = Counter(_reasons(headers[0], wanted, wanted.rules))
    for header in headers[1:]:
        found.update(_reasons(header, wanted, of_slices))
    return tuple(
        _counted(reason, count, len(headers) if _is_of_slices(reason, of_slices) else 1)
        for reason, count in found.items()
    )


def _is_of_slices(reason: str, rules: Rules) -> bool:
    return reason == _SCOUT or reason.split(" ", 1)[0] in rules


def _reasons(header: Dataset, wanted: Input, rules: Rules) -> Iterator[str]:
    yield from reasons_to_decline(rules, attributes_of(header, rules))
    image_type = wanted.rules.get("ImageType", [])
    is_wanted = isinstance(image_type, list) and LOCALIZER in image_type
    if LOCALIZER in _texts(header.get("ImageType")) and not is_wanted:
        yield _SCOUT


def attributes_of(header: Dataset, keywords: Iterable[str]) -> Attributes:
    """The values of ``keywords`` as text; an enhanced multi-frame instance has many in its functional groups."""
    return {keyword: _texts(_value(header, keyword)) for keyword in keywords}


def _value(header: Dataset, keyword: str) -> object:
    """The attribute, else the one that all frames share (PS3.3 C.7.6.16), else that of the first frame."""
    if keyword in header:
        return header.get(keyword)
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for macro in (header.get(groups) or [Dataset()])[0]:
            if macro.VR == "SQ" and macro.value and keyword in macro.value[0]:
                return macro.value[0].get(keyword)
    return None


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, MultiValue) else [value]
    return [str(each) for each in values if each is not None and str(each) != ""]


def _counted(reason: str, count: int, total: int) -> str:
    return reason if count == total else f"{reason} ({count} of {total} instances)"
