"""What tells slices apart, out of the beginning of an explicit little endian PS3.10 file, quickly.

A series has three hundred headers of a hundred or more elements, and each is asked for thirty of them.
Whatever is out of the ordinary is left to pydicom: see stored_instance.py.
"""

from dataclasses import dataclass
from struct import Struct
from struct import error as StructError  # noqa: N812

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import BaseTag, Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian
from pydicom.valuerep import EXPLICIT_VR_LENGTH_16, EXPLICIT_VR_LENGTH_32

_IDENTITY = (
    *("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"),
    *("Modality", "ImageType", "AcquisitionNumber", "InstanceNumber", "NumberOfFrames"),
)
_PLACE = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness")
_PIXELS = (
    *("SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns"),
    *("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("PixelPaddingValue", "PixelPaddingRangeLimit"),
    *("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod"),
)
_UNIT = ("RescaleSlope", "RescaleIntercept", "RescaleType", "ModalityLUTSequence")
_OF_FRAMES = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")

KEPT_KEYWORDS = (*_IDENTITY, *_PLACE, *_PIXELS, *_UNIT, *_OF_FRAMES)
"""Identity, place, pixels and their unit: what is kept of every slice; all else is kept of the first."""

KEPT_TAGS = frozenset(Tag(keyword) for keyword in KEPT_KEYWORDS)

Elements = dict[BaseTag, DataElement | RawDataElement]

_FIRST_ELEMENT_AT = 132
_TRANSFER_SYNTAX_UID = Tag("TransferSyntaxUID")
_PIXEL_DATA = Tag("PixelData")
_UNDEFINED = 0xFFFFFFFF

_short_form, _length_of_long_form = Struct("<I2sH").unpack_from, Struct("<I").unpack_from
_SHORT_FORMS = {vr.value.encode(): vr.value for vr in EXPLICIT_VR_LENGTH_16}
_LONG_FORMS = {vr.value.encode(): vr.value for vr in EXPLICIT_VR_LENGTH_32}
_OTHERWISE_ENCODED = (ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)


def _as_read(tag: BaseTag) -> int:
    """The tag as its four bytes are read at once: element before group."""
    return tag.element << 16 | tag.group


_READ = {_as_read(tag): tag for tag in (*KEPT_TAGS, _TRANSFER_SYNTAX_UID)}
_PIXEL_DATA_AS_READ, _PIXEL_GROUP = _as_read(_PIXEL_DATA), _PIXEL_DATA.group


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands before the pixels; ``pixels_length`` is None where they are encapsulated (PS3.5 A.4)."""

    elements: Elements
    transfer_syntax_uid: str
    pixels_vr: str
    pixels_at: int
    pixels_length: int | None


def read_head(content: bytes) -> Head | None:
    """The elements named above, as they are encoded; ``content`` is the file's beginning.

    None where it is too short, or no file for this way: without a preamble, implicit or big endian, with a
    sequence of undefined length, without pixels, damaged.
    """
    if content[128:_FIRST_ELEMENT_AT] != b"DICM":
        return None
    try:
        elements, vr, at, length = _scan(content)
        syntax = elements.pop(_TRANSFER_SYNTAX_UID).value or b""
        transfer_syntax_uid = syntax.rstrip(b"\0 ").decode("ascii")
    except (StructError, KeyError, ValueError):
        return None
    if transfer_syntax_uid in _OTHERWISE_ENCODED:
        return None
    return Head(
        elements=elements,
        transfer_syntax_uid=transfer_syntax_uid,
        pixels_vr=vr,
        pixels_at=at,
        pixels_length=None if length == _UNDEFINED else length,
    )


def _scan(content: bytes) -> tuple[Elements, str, int, int]:
    """Explicit VR, PS3.5 section 7.1.2: up to the Pixel Data, and their VR, place and length.

    An element that is longer than ``content``, or of undefined length, ends in a StructError at the next.
    """
    elements: Elements = {}
    at = _FIRST_ELEMENT_AT
    while True:
        as_read, vr, length = _short_form(content, at)
        at += 8
        name = _SHORT_FORMS.get(vr)
        if name is None:
            name = _LONG_FORMS[vr]
            (length,) = _length_of_long_form(content, at)
            at += 4
            if as_read & 0xFFFF == _PIXEL_GROUP:
                return elements, _require_pixel_data(as_read, name), at, length
        tag = _READ.get(as_read)
        if tag is not None:
            elements[tag] = RawDataElement(tag, name, length, content[at : at + length], at, False, True)
        at += length


def _require_pixel_data(as_read: int, vr: str) -> str:
    if as_read != _PIXEL_DATA_AS_READ:
        raise ValueError("Pixel Data of another kind, or an offset table before them")
    return vr
