from io import BytesIO

from pydicom.filereader import read_dataset

from inference.encode.functional_groups import Frame, per_frame_groups, source_references
from inference.encode.place import place_of
from tests.unit.inference.encode.given import read_phantom


def _groups(volume, frames, segments):
    content = per_frame_groups(frames, volume, place_of(volume), segments=segments)
    return _read(content).PerFrameFunctionalGroupsSequence


def _read(content):
    return read_dataset(BytesIO(content), is_implicit_VR=False, is_little_endian=True)


def test_each_frame_names_its_slice_and_its_segment(volume):
    frames = [Frame(index=3, segment=1), Frame(index=1, segment=1), Frame(index=3, segment=2)]
    groups = _groups(volume, frames, 2)
    assert [list(g.FrameContentSequence[0].DimensionIndexValues) for g in groups] == [[1, 1], [1, 2], [2, 1]]
    assert [g.SegmentIdentificationSequence[0].ReferencedSegmentNumber for g in groups] == [1, 1, 2]
    for group, frame in zip(groups, frames, strict=True):
        source = group.DerivationImageSequence[0].SourceImageSequence[0]
        assert source.ReferencedSOPInstanceUID == volume.sources[frame.index].SOPInstanceUID
        assert "ReferencedFrameNumber" not in source
        position = group.PlanePositionSequence[0].ImagePositionPatient
        assert position == volume.sources[frame.index].ImagePositionPatient


def test_a_single_segment_is_told_once_for_all_frames(volume):
    (group,) = _groups(volume, [Frame(index=0, segment=1)], 1)
    assert "SegmentIdentificationSequence" not in group


def test_a_frame_of_an_enhanced_instance_is_named_by_its_number(tmp_path):
    volume = read_phantom(tmp_path / "series", is_enhanced=True)
    (group,) = _groups(volume, [Frame(index=3, segment=None)], 1)
    source = group.DerivationImageSequence[0].SourceImageSequence[0]
    assert (source.ReferencedSOPInstanceUID, source.ReferencedFrameNumber) == ("2.25.91", 4)
    assert group.FrameContentSequence[0].DimensionIndexValues == 1


def test_every_source_is_referred_to(volume):
    references = source_references(volume.sources)
    read = _read(b"".join(references.values()))
    uids = [source.SOPInstanceUID for source in volume.sources]
    assert [item.ReferencedSOPInstanceUID for item in read.SourceImageSequence] == uids
    instances = read.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    assert [item.ReferencedSOPInstanceUID for item in instances] == uids
