"""What is broken: pydicom's own test files, taken apart into their data elements."""

import zlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.filereader import data_element_generator
from pydicom.uid import UID

from tests.neighbours.instance import deflated
from tests.neighbours.peer import BIG_ENDIAN, DEFLATED, IMPLICIT

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
LARGEST_BYTES = 40_000
SHORTEST_TELLING_WORD = 5


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A file: tag and encoded bytes of each element, in its own transfer syntax (inflated, where deflated)."""

    name: str
    sop_class_uid: str
    transfer_syntax_uid: str
    elements: tuple[tuple[int, bytes], ...]
    told: tuple[str, ...]
    """What must never stand in a log: the patient's name and ID."""

    @property
    def inner_syntax_uid(self) -> str:
        """How the elements are encoded."""
        return "1.2.840.10008.1.2.1" if self.transfer_syntax_uid == DEFLATED else self.transfer_syntax_uid


@cache
def seeds() -> tuple[Seed, ...]:
    """Every storable test file that is not large, in the order of their names."""
    found = [_seed(path) for path in sorted(FOLDER.glob("*.dcm")) if path.stat().st_size <= LARGEST_BYTES]
    kept = tuple(seed for seed in found if seed is not None)
    assert len(kept) > 40, "pydicom's test files have moved"
    return kept


def words_never_told() -> tuple[str, ...]:
    """Of all seeds."""
    return tuple(sorted({word for seed in seeds() for word in seed.told}))


def _seed(path: Path) -> Seed | None:
    try:
        header = dcmread(path, stop_before_pixels=True)
    except InvalidDicomError:
        return None
    syntax = header.file_meta.get("TransferSyntaxUID")
    if not syntax or not header.get("SOPClassUID"):
        return None
    content = path.read_bytes()
    start = 144 + int.from_bytes(content[140:144], "little")
    body = content[start:]
    if syntax == DEFLATED:
        body = zlib.decompress(body, -zlib.MAX_WBITS)
    elements = _elements(body, UID(syntax))
    told = _told(header)
    return Seed(
        name=path.name,
        sop_class_uid=str(header.SOPClassUID),
        transfer_syntax_uid=str(syntax),
        elements=elements,
        told=told,
    )


def _elements(body: bytes, syntax: UID) -> tuple[tuple[int, bytes], ...]:
    stream, start, found = BytesIO(body), 0, []
    is_implicit, is_little = syntax == IMPLICIT, syntax != BIG_ENDIAN
    try:
        for each in data_element_generator(stream, is_implicit, is_little):
            found.append((int(each.tag), body[start : stream.tell()]))
            start = stream.tell()
    except (EOFError, NotImplementedError, ValueError):
        pass  # some of the files are cut; what is whole of them will do
    rest = body[start:]
    return (*found, (0xFFFCFFFC, rest)) if rest else tuple(found)


def _told(header: Dataset) -> tuple[str, ...]:
    words = (str(header.get("PatientName", "")), str(header.get("PatientID", "")))
    return tuple(word for word in words if len(word) >= SHORTEST_TELLING_WORD and word.isprintable())


def encoded(seed: Seed, elements: bytes) -> bytes:
    """Elements as the transfer syntax has them on the wire."""
    return deflated(elements) if seed.transfer_syntax_uid == DEFLATED else elements
