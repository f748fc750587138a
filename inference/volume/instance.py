"""Read one instance from disk, whole, and say plainly when it is none."""

import re
import struct
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from inference.errors import InputUnreadable
from inference.volume.attributes import word

_NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")

_UID = re.compile(r"[0-9.]{1,64}")

# What an analysis rests on: patient, relation of series and study, pixels.
_ESSENTIAL_GROUPS = (0x0010, 0x0020, 0x0028, 0x7FE0)

DAMAGE = (
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    KeyError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What pydicom is known to raise for a file that is damaged, or that is no DICOM at all."""


def read_instance(path: Path, *, without_pixels: bool = False) -> Dataset:
    """Read a PS3.10 file, or a bare data set as some archives write it.

    An attribute that cannot be read is left out where nothing rests on it. Raises InputUnreadable; its message
    names neither the patient nor the path.
    """
    try:
        instance = dcmread(path, force=True, stop_before_pixels=without_pixels)
    except DAMAGE as error:
        raise InputUnreadable(f"the file is no DICOM instance ({type(error).__name__})") from None
    _leave_out_what_cannot_be_read(instance)
    require_uids(instance)
    name_the_transfer_syntax(instance)
    return instance


def _leave_out_what_cannot_be_read(instance: Dataset) -> None:
    for tag in list(instance.keys()):
        try:
            _look_at(instance[tag].value)
        except DAMAGE as error:
            _require_unessential(tag, error)
            del instance[tag]


def _look_at(value: Any) -> None:
    """Elements are parsed when they are looked at; those in sequences too."""
    if isinstance(value, Dataset):
        for element in value:
            _look_at(element.value)
    elif not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
        for item in value:
            _look_at(item)


def _require_unessential(tag: BaseTag, error: Exception) -> None:
    if tag.group in _ESSENTIAL_GROUPS:
        raise InputUnreadable(f"the instance is damaged at {tag} ({type(error).__name__})") from None


def require_uids(instance: Dataset) -> None:
    """Raise InputUnreadable where a UID that names the instance is absent, or no UID."""
    for keyword in _NEEDED:
        value = word(instance, keyword)
        if not value:
            raise InputUnreadable(f"the file is no DICOM instance: it has no {keyword}")
        # Leading zeros are against PS3.5 section 9 and common; other characters are damage or an attack.
        if not _UID.fullmatch(value):
            raise InputUnreadable(f"the instance is damaged: its {keyword} is no UID")


def name_the_transfer_syntax(instance: Dataset) -> None:
    """Put the Transfer Syntax UID where there is none.

    A bare data set has no File Meta Information; how it was read says what it must be.
    """
    if "TransferSyntaxUID" not in instance.file_meta:
        is_implicit = instance.original_encoding[0]
        instance.file_meta.TransferSyntaxUID = (
            ImplicitVRLittleEndian if is_implicit else ExplicitVRLittleEndian
        )
