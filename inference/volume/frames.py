"""The frames of one instance out of its Pixel Data, native or encapsulated (PS3.5 section 8.2 and A.4)."""

from struct import error as StructError  # noqa: N812

from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from inference.errors import InputUnreadable
from inference.volume.attributes import whole_number, word
from inference.volume.decoders import DECODERS, decode_frame
from inference.volume.native import FrameReader, native_reader
from inference.volume.pixel_format import PixelFormat
from inference.volume.stored_instance import StoredInstance

_NATIVE = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)


def frame_reader(instance: StoredInstance, expected: PixelFormat, frames: int) -> FrameReader:
    """How the frames of an instance are read from its file, each when it is asked for.

    Raises InputUnreadable, also when it is called: bytes that do not amount to Rows x Columns x ``frames``, or
    that cannot be decoded.
    """
    if is_encapsulated(instance.transfer_syntax_uid):
        return _encapsulated(instance, expected, frames)
    return native_reader(instance, expected, frames)


def number_of_frames(header: Dataset) -> int:
    """Number of Frames, 1 where it is absent or empty; raises InputUnreadable where it is no number above 0."""
    if not word(header, "NumberOfFrames"):
        return 1
    frames = whole_number(header, "NumberOfFrames")
    if frames is None or frames < 1:
        raise InputUnreadable("the instance has no readable NumberOfFrames")
    return frames


def is_encapsulated(transfer_syntax_uid: str) -> bool:
    """Whether Pixel Data come as fragments; raises InputUnreadable at a transfer syntax nobody here can read."""
    if transfer_syntax_uid in DECODERS:
        return True
    if transfer_syntax_uid in _NATIVE:
        return False
    uid = UID(transfer_syntax_uid)
    name = uid.name if uid.keyword else "it has"
    raise InputUnreadable(
        f"the pixel data cannot be decoded: the transfer syntax {name} is not read; ask for another one"
    )


def encoded_frames(value: bytes, frames: int) -> list[bytes]:
    """The codestreams in the value of encapsulated Pixel Data; raises InputUnreadable where there are not so many."""
    try:
        found = list(generate_frames(value, number_of_frames=frames))
    except (ValueError, StructError, EOFError) as error:
        said = " ".join(str(error).split())[:200]
        raise InputUnreadable(
            f"the pixel data cannot be decoded: its fragments are damaged: {said}"
        ) from None
    if len(found) != frames:
        raise InputUnreadable(
            f"the pixel data cannot be decoded: it holds {len(found)} frames, the instance says {frames}"
        )
    return found


def _encapsulated(instance: StoredInstance, expected: PixelFormat, frames: int) -> FrameReader:
    syntax = instance.transfer_syntax_uid
    if frames == 1:
        # Not before it is needed: a series of these is larger than one of them.
        return lambda _: expected.as_stored(
            decode_frame(encoded_frames(instance.read_pixel_data(), 1)[0], syntax, expected)
        )
    codestreams = encoded_frames(instance.read_pixel_data(), frames)
    return lambda number: expected.as_stored(decode_frame(codestreams[number - 1], syntax, expected))
