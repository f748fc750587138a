"""Synthesised instances are read by pydicom as what they claim to be."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.filereader import read_dataset

from tests.benchmarks.ingest.instance import (
    CT_SLICE,
    SERIES,
    SMALL,
    SOP,
    STUDY,
    Template,
    Uids,
    data_set,
    write_files,
)


def _read(content):
    return read_dataset(BytesIO(bytes(content)), False, True)


@pytest.mark.parametrize(("size", "least", "most"), [(CT_SLICE, 524_288, 526_000), (SMALL, 9_500, 10_500)])
def test_an_instance_is_as_large_as_it_is_called_and_can_be_read(size, least, most):
    content = data_set(size)
    assert least <= len(content) <= most
    read = _read(content)
    assert (read.Rows, read.Columns) == (size.rows, size.columns)
    assert len(read.PixelData) == size.rows * size.columns * 2
    assert (read.StudyInstanceUID, read.SeriesInstanceUID, read.SOPInstanceUID) == (STUDY, SERIES, SOP)


def test_uids_are_replaced_and_nothing_else():
    original, uids = data_set(SMALL), Uids()
    template = Template(bytearray(original))
    template.set_series(uids)
    seen = []
    for _ in range(3):
        template.set_instance(uids)
        seen.append(_read(template.buffer))
    assert len({each.SOPInstanceUID for each in seen}) == 3
    assert {each.StudyInstanceUID for each in seen} == {seen[0].StudyInstanceUID} != {STUDY}
    assert {each.SeriesInstanceUID for each in seen} == {seen[0].SeriesInstanceUID} != {SERIES}
    assert len(template.buffer) == len(original)
    assert {bytes(each.PixelData) for each in seen} == {bytes(_read(original).PixelData)}


def test_a_uid_given_is_valid_and_as_long_as_those_it_replaces():
    uids = Uids()
    first, second = uids.give(), uids.give()
    assert first != second
    assert Uids().give() != first
    assert len(first) == len(STUDY) == len(SERIES) == len(SOP)
    assert all(int(uid.removeprefix("2.25.")) < 1 << 128 for uid in (first, STUDY, SERIES, SOP))


def test_a_uid_that_is_cut_in_two_is_told():
    broken = data_set(SMALL).replace(SOP.encode(), SOP[:20].encode() + bytes(6) + SOP[20:].encode())
    with pytest.raises(ValueError, match="across two fragments"):
        Template(bytearray(broken))


def test_files_are_instances_of_one_series(tmp_path):
    read = [dcmread(path) for path in write_files(tmp_path / "files", SMALL, Uids(), instances=3)]
    assert len({each.SeriesInstanceUID for each in read}) == 1
    assert len({each.SOPInstanceUID for each in read}) == 3
    assert all(each.SOPInstanceUID == each.file_meta.MediaStorageSOPInstanceUID for each in read)
