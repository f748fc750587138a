"""A PS3.10 file from a header that is an object and from parts that are bytes already.

Memory: the file once, and one frame.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset, write_file_meta_info
from pydicom.tag import Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian

from inference.encode.explicit_vr import long_head

LARGEST_VALUE = 0xFFFFFFFE
_UNDEFINED = 0xFFFFFFFF
_END_OF_SEQUENCE = b"\xfe\xff\xdd\xe0\0\0\0\0"


@dataclass(frozen=True, kw_only=True)
class PixelData:
    """``length`` in bytes of all ``parts`` together; None where they are encapsulated frames (PS3.5 A.4)."""

    length: int | None
    parts: Iterable[bytes]


def write_file(header: Dataset, encoded: Mapping[str, bytes], pixels: PixelData | None = None) -> bytes:
    """The file. ``encoded``: keyword -> the whole element, in place of what ``header`` has; explicit little endian.

    Raises ValueError where the pixels are more than one element can hold.
    """
    if pixels is not None and pixels.length is not None and pixels.length > LARGEST_VALUE:
        raise ValueError(
            f"the segmentation has {pixels.length} bytes of pixels, more than an instance can hold; "
            "set most_frames, or write LABELMAP with RLE"
        )
    file = DicomBytesIO()
    file.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(file, header.file_meta, enforce_standard=True)
    parts = _data_set(header, encoded, pixels)
    is_deflated = header.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian
    for part in _deflated(parts) if is_deflated else parts:
        file.write(part)
    return file.getvalue()


def _data_set(header: Dataset, encoded: Mapping[str, bytes], pixels: PixelData | None) -> Iterator[bytes]:
    """In the order of tags; Pixel Data comes last."""
    after = 0
    for tag, element in sorted((Tag(keyword), element) for keyword, element in encoded.items()):
        yield _written(header, after, tag)
        yield element
        after = tag + 1
    yield _written(header, after, Tag("PixelData"))
    if pixels is not None:
        yield from _pixel_data(pixels)


def _written(header: Dataset, first: int, end: int) -> bytes:
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = False, True
    write_dataset(buffer, header[first:end], header.get("SpecificCharacterSet", "iso8859"))
    return buffer.getvalue()


def _pixel_data(pixels: PixelData) -> Iterator[bytes]:
    if pixels.length is None:
        yield long_head("PixelData", "OB", _UNDEFINED)
        yield from pixels.parts
        yield _END_OF_SEQUENCE
        return
    padding = pixels.length % 2
    yield long_head("PixelData", "OB", pixels.length + padding)
    yield from pixels.parts
    yield b"\0" * padding


def _deflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Raw deflate (PS3.5 A.5), padded to an even length."""
    deflate, length = zlib.compressobj(level=6, wbits=-zlib.MAX_WBITS), 0
    for part in parts:
        packed = deflate.compress(part)
        length += len(packed)
        yield packed
    rest = deflate.flush()
    yield rest + b"\0" * ((length + len(rest)) % 2)
