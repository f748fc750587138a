"""What a compressed frame says of itself, before a decoder makes room for it.

Some decoders allocate what a frame of a hundred bytes claims, and some fill what was cut off with grey.
"""

from struct import Struct

from inference.errors import InputUnreadable
from inference.volume.pixel_format import PixelFormat

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOC_SIZ = b"\xff\x4f\xff\x51"
# Those that start a frame: SOF0 … SOF15 but DHT, JPG and DAC (ITU-T T.81 B.1.1.3), and SOF55 (T.87 C.1.2).
_START_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}

_frame_header = Struct(">HBHHB").unpack_from
_image_size = Struct(">HHIIIIIIIIHB").unpack_from


def require_whole_jpeg(codestream: bytes, expected: PixelFormat) -> None:
    """Raise InputUnreadable where a JPEG or JPEG-LS frame is cut off or of another size than its header says."""
    if not codestream.startswith(_SOI):
        raise InputUnreadable("the pixel data cannot be decoded: a frame does not begin as JPEG does")
    if not codestream.rstrip(b"\0\xff").endswith(_EOI):
        raise InputUnreadable("the pixel data cannot be decoded: a frame is cut off before its end")
    _, precision, rows, columns, components = _frame_header(codestream, _start_of_frame(codestream))
    _require_same(rows, columns, components, precision, expected)


def require_whole_jpeg_2000(codestream: bytes, expected: PixelFormat) -> None:
    """Raise InputUnreadable where a JPEG 2000 frame is of another size than its header says (T.800 A.5.1)."""
    at = codestream[:1024].find(_SOC_SIZ)  # not at 0 where somebody stored a whole JP2 file
    if at < 0 or len(codestream) < at + 64:
        raise InputUnreadable("the pixel data cannot be decoded: a frame does not begin as JPEG 2000 does")
    _, _, right, bottom, left, top, *_, components, depth = _image_size(codestream, at + 4)
    _require_same(bottom - top, right - left, components, (depth & 0x7F) + 1, expected)


def _start_of_frame(codestream: bytes) -> int:
    at = len(_SOI)
    while at + 10 <= len(codestream) and codestream[at] == 0xFF:
        marker = codestream[at + 1]
        if marker in _START_OF_FRAME:
            return at + 2
        # 0xFF before a marker is fill (T.81 B.1.1.2); all other segments here have a length.
        at += 1 if marker == 0xFF else 2 + int.from_bytes(codestream[at + 2 : at + 4], "big")
    raise InputUnreadable("the pixel data cannot be decoded: a frame does not say how large it is")


def _require_same(rows: int, columns: int, components: int, precision: int, expected: PixelFormat) -> None:
    if (rows, columns, components) != (expected.rows, expected.columns, 1):
        raise InputUnreadable(
            f"the pixel data is of {rows} x {columns} with {components} components, the instance says "
            f"{expected.rows} x {expected.columns} with one"
        )
    if precision > expected.bits_allocated:
        raise InputUnreadable(
            f"the pixel data has {precision} bits, the instance says {expected.bits_allocated}"
        )
