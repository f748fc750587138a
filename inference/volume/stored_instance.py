"""An instance as it lies on the disk: its header in memory, its pixels where they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian

from inference.errors import InputUnreadable
from inference.volume.attributes import word
from inference.volume.elements import KEPT_TAGS, Head, read_head
from inference.volume.instance import DAMAGE, name_the_transfer_syntax, require_uids

_HEAD_BYTES = 32 * 1024


@dataclass(frozen=True, kw_only=True)
class StoredInstance:
    """``header`` has what tells slices apart (elements.py), not patient and study.

    The value of Pixel Data begins ``pixels_at`` bytes into the file and has ``pixels_length`` bytes, or runs to
    its delimiter where that is None. ``is_little_endian`` is of the pixels.
    """

    path: Path
    header: Dataset
    transfer_syntax_uid: str
    pixels_vr: str
    pixels_at: int
    pixels_length: int | None
    is_little_endian: bool = True

    @property
    def sop_instance_uid(self) -> str:
        """The name by which the operator finds it."""
        return word(self.header, "SOPInstanceUID")

    def read_pixel_data(self) -> bytes:
        """The value of Pixel Data and what may follow it, to the end of the file."""
        with self.path.open("rb") as file:
            file.seek(self.pixels_at)
            return file.read()


def open_instance(path: Path) -> StoredInstance:
    """Read the header and find the pixels; nothing of these is read.

    Raises InputUnreadable where the file is no instance, is damaged, is deflated, or holds no Pixel Data.
    """
    try:
        with path.open("rb") as file:
            head = read_head(file.read(_HEAD_BYTES))
            instance = _open_slowly(path, file) if head is None else _open(path, head)
    except DAMAGE as error:
        raise InputUnreadable(f"a file is no DICOM instance ({type(error).__name__})") from None
    require_uids(instance.header)
    return instance


def _open(path: Path, head: Head) -> StoredInstance:
    return StoredInstance(
        path=path,
        header=Dataset(head.elements),
        transfer_syntax_uid=head.transfer_syntax_uid,
        pixels_vr=head.pixels_vr,
        pixels_at=head.pixels_at,
        pixels_length=head.pixels_length,
    )


def _open_slowly(path: Path, file: BinaryIO) -> StoredInstance:
    """With pydicom, which reads whatever is lawful and much that is not."""
    _refuse_deflated(path)
    file.seek(0)
    header = dcmread(file, stop_before_pixels=True, force=True)
    name_the_transfer_syntax(header)
    syntax, (is_implicit, is_little) = header.file_meta.TransferSyntaxUID, header.original_encoding
    vr, length = _pixel_data_element(file, is_implicit=bool(is_implicit), is_little_endian=bool(is_little))
    return StoredInstance(
        path=path,
        header=_kept(header),
        transfer_syntax_uid=str(syntax),
        pixels_vr=vr,
        pixels_at=file.tell(),
        pixels_length=None if length == 0xFFFFFFFF else length,
        is_little_endian=bool(is_little),
    )


def _refuse_deflated(path: Path) -> None:
    """Before pydicom inflates it: a megabyte may become a gigabyte."""
    try:
        syntax = read_file_meta_info(path).get("TransferSyntaxUID")
    except InvalidDicomError:  # a bare data set
        return
    if syntax == DeflatedExplicitVRLittleEndian:
        raise InputUnreadable(f"instances in {syntax.name} are not read: ask for another transfer syntax")


def _pixel_data_element(file: BinaryIO, *, is_implicit: bool, is_little_endian: bool) -> tuple[str, int]:
    """VR and length; the file is left at the value (PS3.5 section 7.1)."""
    order = "little" if is_little_endian else "big"
    tag = int.from_bytes(file.read(2), order) << 16 | int.from_bytes(file.read(2), order)  # type: ignore[arg-type]
    if tag != 0x7FE00010:
        raise InputUnreadable("an instance holds no Pixel Data")
    vr = "OW" if is_implicit else file.read(4)[:2].decode("ascii")
    return vr, int.from_bytes(file.read(4), order)  # type: ignore[arg-type]


def _kept(header: Dataset) -> Dataset:
    return Dataset({tag: header.get_item(tag) for tag in KEPT_TAGS if tag in header})
