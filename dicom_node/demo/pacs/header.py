"""Header elements as text, read without passing a patient's value through pydicom's warnings.

Converting an element the usual way lets pydicom warn about a malformed value and quote it (`Invalid value
for VR DA: …`). What is quoted may be a name or a date of a patient, so the bytes are decoded here instead.
"""

from collections.abc import Iterable
from typing import Final

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.dataset import Dataset

_PADDING: Final = " \0"
_CODE_EXTENSION_RESETS: Final = set(b"\t\n\f\r\\^=")  # PS3.5 6.1.2.5.3


def text_of(dataset: Dataset, keyword: str) -> str:
    """Return the value of an element as text: "" where absent or empty, several values joined by a backslash.

    Decoded by the data set's Specific Character Set (PS3.5 6.1); padding is taken off.
    Raises one of `dicom_node.unreadable.UNREADABLE` when the bytes make no sense.
    """
    if keyword not in dataset:
        return ""
    value = dataset.get_item(keyword).value
    if isinstance(value, bytes):
        return _decoded(value, dataset)
    return _joined(value)


def _decoded(value: bytes, dataset: Dataset) -> str:
    encodings = convert_encodings(dataset.get("SpecificCharacterSet"))
    parts = decode_bytes(value, encodings, _CODE_EXTENSION_RESETS).split("\\")
    return "\\".join(part.strip(_PADDING) for part in parts)


def _joined(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str) and not hasattr(value, "components"):
        return "\\".join(str(part).strip(_PADDING) for part in value)
    return str(value).strip(_PADDING)
