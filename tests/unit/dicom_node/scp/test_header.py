import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_files
from pydicom.filereader import read_dataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import UID

from dicom_node.scp.header import DEEPEST_NESTING, WANTED, HeaderBroken, HeaderCut, find_uids
from dicom_node.scp.identification import Identity, Unacceptable, identify
from dicom_node.spool.layout import is_uid
from tests.unit.dicom_node.given import CR_IMAGE, STUDY, a_data_set, a_nest

IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
)
UNDEFINED = 0xFFFFFFFF
FOUND = {
    "SOPClassUID": CR_IMAGE,
    "SOPInstanceUID": f"{STUDY}.1.1",
    "StudyInstanceUID": STUDY,
    "SeriesInstanceUID": f"{STUDY}.1",
}


def _encoded(data_set: Dataset, syntax: str) -> bytes:
    stream = BytesIO()
    dcmwrite(
        stream, data_set, implicit_vr=syntax == IMPLICIT, little_endian=syntax != BIG_ENDIAN, overwrite=True
    )
    return stream.getvalue()


def _around(middle: bytes, syntax: str = EXPLICIT) -> bytes:
    """The header with something between Modality (0008,0060) and the patient's name (0010,0010)."""
    whole = _encoded(a_data_set(), syntax)
    tag = struct.pack(">HH" if syntax == BIG_ENDIAN else "<HH", 0x0010, 0x0010)
    before, after = whole.split(tag, 1)
    return before + middle + tag + after


# --- against pydicom's own reading ------------------------------------------------------------------------


def _parts(path: Path) -> tuple[str, bytes] | None:
    """Transfer syntax and encoded data set of a file that says the former; pydicom's test files in part do not."""
    whole = path.read_bytes()
    if whole[128:132] != b"DICM":
        return None
    with path.open("rb") as file:
        meta = dcmread(file, specific_tags=["SOPClassUID"], stop_before_pixels=True, force=True).file_meta
    length = meta.get("FileMetaInformationGroupLength")
    if length is None or "TransferSyntaxUID" not in meta:
        return None
    return str(meta.TransferSyntaxUID), whole[144 + length :][: 256 << 10]


FILES = {
    Path(name).name: parts
    for name in sorted(get_testdata_files("*"))
    if Path(name).is_file() and (parts := _parts(Path(name)))
}
IMPLICIT_UNDER_AN_EXPLICIT_NAME = {"SC_rgb_jpeg.dcm"}


def _plain(name: str) -> tuple[str, bytes]:
    syntax, data_set = FILES[name]
    if syntax == DEFLATED:
        return EXPLICIT, zlib.decompressobj(-zlib.MAX_WBITS).decompress(data_set)
    if name in IMPLICIT_UNDER_AN_EXPLICIT_NAME:
        return IMPLICIT, data_set
    return syntax, data_set


def _theirs(name: str) -> dict[str, str]:
    syntax, data_set = _plain(name)
    uid = UID(syntax)
    read = read_dataset(
        BytesIO(data_set),
        uid.is_implicit_VR,
        uid.is_little_endian,
        stop_when=lambda tag, _vr, _length: tag > 0x0020000E,
    )
    return {keyword: str(read[keyword].value) for keyword in WANTED.values() if read.get(keyword)}


def test_pydicoms_files_are_many_and_of_every_encoding():
    assert len(FILES) > 100
    assert {syntax for syntax, _ in FILES.values()} >= {IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN}
    assert sum(len(_theirs(name)) == 4 for name in FILES) > 80


@pytest.mark.parametrize("name", FILES)
def test_it_finds_what_pydicom_finds(name):
    syntax, data_set = _plain(name)
    try:
        found = find_uids(data_set, syntax)
    except HeaderCut:
        assert "SeriesInstanceUID" not in _theirs(name)
        return
    assert {keyword: uid for keyword, uid in found.items() if uid} == _theirs(name)


@pytest.mark.parametrize("name", FILES)
def test_the_door_believes_what_pydicom_finds(name):
    """Through ``identify``: deflated, and implicit under an explicit name, too."""
    syntax, data_set = FILES[name]
    theirs = _theirs(name)
    named = {
        "sop_class_uid": theirs.get("SOPClassUID", ""),
        "sop_instance_uid": theirs.get("SOPInstanceUID", ""),
    }
    try:
        found = identify(lambda size: data_set[:size], syntax, **named)
    except Unacceptable:
        assert len(theirs) < 4 or not all(map(is_uid, theirs.values()))
        return
    assert found == Identity(
        sop_class_uid=theirs["SOPClassUID"],
        sop_instance_uid=theirs["SOPInstanceUID"],
        study_instance_uid=theirs["StudyInstanceUID"],
        series_instance_uid=theirs["SeriesInstanceUID"],
    )


# Of files that begin alike, one.
CUT = {(syntax, data_set[:60]): name for name, (syntax, data_set) in FILES.items() if len(_theirs(name)) == 4}


@pytest.mark.parametrize("name", CUT.values())
def test_wherever_a_file_is_cut_no_wrong_uid_is_found(name):
    syntax, data_set = _plain(name)
    whole = find_uids(data_set, syntax)
    found = [_or_none(data_set[:length], syntax) for length in range(min(len(data_set), 1500))]
    assert [each for each in found if each is not None and each != whole] == []
    ends_at = next((length for length, each in enumerate(found) if each == whole), len(found))
    assert found[ends_at + 12 :] == [whole] * len(found[ends_at + 12 :])  # 12: where the next element is cut


def _or_none(data: bytes, syntax: str) -> dict[str, str] | None:
    try:
        return find_uids(data, syntax)
    except HeaderCut:
        return None


# --- by hand ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
def test_finds_them_in_every_encoding(syntax):
    assert find_uids(_encoded(a_data_set(), syntax), syntax) == FOUND


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
def test_every_byte_of_the_header_is_needed_and_no_more(syntax):
    header = _encoded(a_data_set(), syntax)
    for length in range(len(header)):
        with pytest.raises(HeaderCut):
            find_uids(header[:length], syntax)
    assert find_uids(header, syntax) == FOUND
    assert find_uids(header + _tag(0x7FE00010, syntax) + b"OB\xff\xff\xff\xff\xff\xff", syntax) == FOUND


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
@pytest.mark.parametrize("undefined", [True, False], ids=["undefined length", "defined length"])
def test_uids_within_a_sequence_are_not_the_instances(syntax, undefined):
    inner = a_data_set(9, study="1.9", series=9)
    inner.ReferencedImageSequence = Sequence([a_data_set(8, study="1.8")])
    inner["ReferencedImageSequence"].is_undefined_length = undefined
    outer = a_data_set(ReferencedStudySequence=Sequence([inner, inner]))
    outer["ReferencedStudySequence"].is_undefined_length = undefined
    for item in (inner, *inner.ReferencedImageSequence):
        item.is_undefined_length_sequence_item = undefined
    assert find_uids(_encoded(outer, syntax), syntax) == FOUND


def test_a_nest_as_deep_as_allowed_is_walked_and_a_deeper_one_is_not():
    for depth in (1, DEEPEST_NESTING):
        nest = a_nest(depth).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x15\x11SQ")
        assert find_uids(_around(nest), EXPLICIT) == FOUND
    nest = a_nest(DEEPEST_NESTING + 1).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x15\x11SQ")
    with pytest.raises(HeaderBroken, match="nested too deep"):
        find_uids(_around(nest), EXPLICIT)


def test_a_nest_of_a_hundred_thousand_is_refused_and_not_walked_to_its_end():
    with pytest.raises(HeaderBroken, match="nested too deep"):
        find_uids(a_nest(100_000).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x05\x00SQ"), EXPLICIT)


def _implicit(group: int, element: int, value: bytes, *, length: int | None = None) -> bytes:
    return struct.pack("<HHI", group, element, len(value) if length is None else length) + value


END_OF_ITEM, END_OF_SEQUENCE = _implicit(0xFFFE, 0xE00D, b""), _implicit(0xFFFE, 0xE0DD, b"")


@pytest.mark.parametrize("length", [None, UNDEFINED], ids=["item's length", "no item's length"])
def test_a_sequence_of_unknown_vr_is_implicit_within(length):
    """(0009,1010) UN of undefined length: implicit VR little endian, also in an explicit data set (PS3.5 6.2.2)."""
    inner = _implicit(0x0009, 0x0010, b"ACME") + _implicit(0x0009, 0x1001, b"\x04\x00\x00\x00" * 5)
    item = _implicit(0xFFFE, 0xE000, inner, length=length) + (END_OF_ITEM if length else b"")
    un = struct.pack("<HH2sHI", 0x0009, 0x1010, b"UN", 0, UNDEFINED) + item + END_OF_SEQUENCE
    whole = _around(un)
    theirs = read_dataset(BytesIO(whole), False, True)
    assert {keyword: theirs[keyword].value for keyword in WANTED.values()} == FOUND
    assert find_uids(whole, EXPLICIT) == FOUND


def test_a_sequence_of_unknown_vr_within_another_is_implicit_and_what_follows_is_not():
    unknown = struct.pack("<HH2sHI", 0x0009, 0x1010, b"UN", 0, UNDEFINED)
    unknown += _implicit(0xFFFE, 0xE000, _implicit(0x0009, 0x1001, b"abcd"), length=UNDEFINED)
    unknown += END_OF_ITEM + END_OF_SEQUENCE
    after = struct.pack("<HH2sH", 0x0010, 0x0010, b"PN", 4) + b"abcd"
    item = _implicit(0xFFFE, 0xE000, unknown + after, length=UNDEFINED) + END_OF_ITEM
    whole = _around(struct.pack("<HH2sHI", 0x0008, 0x1115, b"SQ", 0, UNDEFINED) + item + END_OF_SEQUENCE)
    assert find_uids(whole, EXPLICIT) == FOUND


@pytest.mark.parametrize("vr", [b"OB", b"OW", b"UT"])
def test_a_value_without_a_length_that_is_no_sequence_is_refused(vr):
    with pytest.raises(HeaderBroken, match="has no length"):
        find_uids(_around(struct.pack("<HH2sHI", 0x0009, 0x1010, vr, 0, UNDEFINED)), EXPLICIT)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
def test_elements_out_of_order_are_refused(syntax):
    one, other = (_encoded(a_data_set(), syntax), _encoded(a_data_set(2, study="1.9"), syntax))
    with pytest.raises(HeaderBroken, match="not in order"):
        find_uids(one[: one.index(_tag(0x0020000E, syntax))] + other, syntax)
    with pytest.raises(HeaderBroken, match="not in order"):  # the same twice
        find_uids(one[: one.index(_tag(0x00080018, syntax))] * 2 + one, syntax)


def _tag(tag: int, syntax: str) -> bytes:
    return struct.pack(">HH" if syntax == BIG_ENDIAN else "<HH", tag >> 16, tag & 0xFFFF)


def test_a_missing_uid_is_missing_and_an_empty_one_is_empty():
    assert "StudyInstanceUID" not in find_uids(
        _encoded(a_data_set(StudyInstanceUID=None), EXPLICIT), EXPLICIT
    )
    assert find_uids(_encoded(a_data_set(StudyInstanceUID=""), EXPLICIT), EXPLICIT)["StudyInstanceUID"] == ""


def test_without_a_series_it_looks_no_further_than_where_it_would_be():
    header = _encoded(a_data_set(SeriesInstanceUID=None, SamplesPerPixel=1), EXPLICIT)
    assert "SeriesInstanceUID" not in find_uids(header + b"\0" * 50, EXPLICIT)


def test_nothing_behind_the_series_is_looked_at():
    assert find_uids(_encoded(a_data_set(), EXPLICIT) + a_nest(500) + b"\xff" * 50, EXPLICIT) == FOUND


def test_a_length_beyond_all_bytes_is_a_cut():
    with pytest.raises(HeaderCut):
        find_uids(_around(struct.pack("<HH2sHI", 0x0009, 0x1010, b"OB", 0, UNDEFINED - 1)), EXPLICIT)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([IMPLICIT, EXPLICIT, BIG_ENDIAN]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    st.binary(max_size=60),
)
def test_whatever_bytes_come_nothing_else_is_raised(syntax, flips, behind):
    content = bytearray(_around(a_nest(3).replace(b"\x40\x00\x55\x05SQ", b"\x08\x00\x15\x11SQ")) + behind)
    for place, byte in flips:
        content[place % len(content)] = byte
    try:
        found = find_uids(memoryview(content), syntax)
    except (HeaderCut, HeaderBroken):
        return
    assert set(found) <= set(WANTED.values())


@given(st.sampled_from([IMPLICIT, EXPLICIT, BIG_ENDIAN]), st.binary(max_size=200))
def test_garbage_is_cut_or_broken_or_has_no_uid(syntax, content):
    try:
        found = find_uids(content, syntax)
    except (HeaderCut, HeaderBroken):
        return
    assert len(found) < 4
