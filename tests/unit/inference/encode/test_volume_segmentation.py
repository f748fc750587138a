"""The direct writer beside highdicom's own, and every voxel read back."""

from io import BytesIO

import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from inference.encode.analysed import Segmentation
from inference.encode.encoding import Encoding
from inference.encode.segmentation import encode_segmentations
from inference.encode.source import clean_header
from tests.unit.inference.encode.given import (
    analysed_volume,
    label_phantom,
    organ_name,
    read_phantom,
    volume_manifest,
)

ENCODINGS = [
    Encoding(),
    Encoding(compression="deflated"),
    Encoding(form="LABELMAP"),
    Encoding(form="LABELMAP", compression="deflated"),
    Encoding(form="LABELMAP", compression="RLE"),
    Encoding(form="LABELMAP", compression="JPEG-LS"),
]
# What is chosen anew for every instance, or put in by finish_segmentation, which has tests of its own.
OURS = {
    *("InstanceCreationDate", "InstanceCreationTime", "SeriesDate", "SeriesTime"),
    *("ContributingEquipmentSequence", "DimensionOrganizationSequence", "DimensionIndexSequence"),
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
    *("AccessionNumber", "ReferringPhysicianName", "SpecificCharacterSet", "ContentCreatorName"),
}


def _read(content: bytes) -> Dataset:
    return dcmread(BytesIO(content))


def _by_highdicom(analysed, written, form: str) -> Dataset:
    """The same instance, asked of highdicom with every source and every voxel."""
    ours = _read(written.result.content)
    sources = []
    for header in analysed.headers:
        source = clean_header(analysed)
        for keyword in (
            *("SOPClassUID", "SOPInstanceUID", "FrameOfReferenceUID", "ImagePositionPatient"),
            *("ImageOrientationPatient", "PixelSpacing", "Rows", "Columns"),
            *("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "NumberOfFrames"),
        ):
            if keyword in header:
                setattr(source, keyword, header[keyword].value)
        if "NumberOfFrames" not in header:
            source.SliceThickness = analysed.header.SliceThickness
        source.PositionReferenceIndicator = analysed.header.get("PositionReferenceIndicator")
        sources.append(source)
    made = hd.seg.Segmentation(
        source_images=sources,
        pixel_array=analysed.found.labels,
        segmentation_type=form,
        segment_descriptions=[
            hd.seg.SegmentDescription.from_dataset(item)
            for item in ours.SegmentSequence
            if item.SegmentNumber > 0
        ],
        series_instance_uid=ours.SeriesInstanceUID,
        series_number=ours.SeriesNumber,
        sop_instance_uid=ours.SOPInstanceUID,
        instance_number=1,
        manufacturer=ours.Manufacturer,
        manufacturer_model_name=ours.ManufacturerModelName,
        device_serial_number=ours.DeviceSerialNumber,
        software_versions=list(ours.SoftwareVersions),
        content_label=ours.ContentLabel,
        content_description=ours.ContentDescription,
        content_date=ours.ContentDate,
        content_time=ours.ContentTime,
        content_qualification="RESEARCH",
        series_description=ours.SeriesDescription,
        specific_character_set=None,
    )
    buffer = BytesIO()
    made.save_as(buffer)
    theirs = _read(buffer.getvalue())
    # Ours describes the background last, see seg_header.
    theirs.SegmentSequence = sorted(theirs.SegmentSequence, key=lambda item: item.SegmentNumber == 0)
    return theirs


def _differences(ours: Dataset, theirs: Dataset, path: str = "") -> list[str]:
    found = []
    for tag in sorted({*ours.keys(), *theirs.keys()}):
        one, other = ours.get(tag), theirs.get(tag)
        keyword = (one if one is not None else other).keyword
        if keyword in OURS and not path:
            continue
        where = f"{path}/{keyword}"
        if one is None or other is None:
            found.append(f"{where}: {'absent' if one is None else 'only ours'}")
        elif one.VR == "SQ" and len(one.value) == len(other.value):
            for place, (a, b) in enumerate(zip(one.value, other.value, strict=True)):
                found += _differences(a, b, f"{where}[{place}]")
        elif one.VR != other.VR or one.value != other.value:
            found.append(f"{where}: {one.value!r:.60} is not {other.value!r:.60}")
    return found


@pytest.mark.parametrize("form", ["BINARY", "LABELMAP"])
@pytest.mark.parametrize("segments", [1, 4])
@pytest.mark.parametrize("shape", [(12, 16, 24), (12, 11, 13)])
@pytest.mark.parametrize("is_enhanced", [False, True])
def test_it_equals_what_highdicom_makes_attribute_by_attribute(tmp_path, form, segments, shape, is_enhanced):
    volume = read_phantom(tmp_path / "series", shape, is_enhanced=is_enhanced)
    analysed = analysed_volume(volume, label_phantom(*shape, segments=segments))
    (written,) = encode_segmentations(analysed, Encoding(form=form))
    assert _differences(_read(written.result.content), _by_highdicom(analysed, written, form)) == []


@pytest.mark.parametrize("segments", [1, 2])
def test_a_tilted_stack_differs_in_its_spacing_alone(tmp_path, segments):
    volume = read_phantom(tmp_path / "series", (12, 16, 24), step=(0, 0.9, 2.0))
    analysed = analysed_volume(volume, label_phantom(12, 16, 24, segments=segments))
    (written,) = encode_segmentations(analysed)
    measures = _read(written.result.content).SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == 2
    assert _differences(_read(written.result.content), _by_highdicom(analysed, written, "BINARY")) == [
        "/SharedFunctionalGroupsSequence[0]/PixelMeasuresSequence[0]/SpacingBetweenSlices: only ours"
    ]


def _voxels(volume, written) -> np.ndarray:
    """As highdicom reads them, by instance or by frame; each segment as its number."""
    segmentation = hd.seg.segread(BytesIO(written.result.content))
    options = {"combine_segments": True, "assert_missing_frames_are_empty": True}
    if len(volume.sources) == 1:
        return segmentation.get_pixels_by_source_frame(
            volume.sources[0].SOPInstanceUID, list(volume.frame_numbers), **options
        )
    return segmentation.get_pixels_by_source_instance([s.SOPInstanceUID for s in volume.sources], **options)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda each: each.name or "default")
@pytest.mark.parametrize("shape", [(9, 16, 24), (9, 11, 13)])
@pytest.mark.parametrize("is_enhanced", [False, True])
def test_every_voxel_comes_back(tmp_path, encoding, shape, is_enhanced):
    volume = read_phantom(tmp_path / "series", shape, is_enhanced=is_enhanced)
    labels = label_phantom(*shape, segments=3)
    (written,) = encode_segmentations(analysed_volume(volume, labels), encoding)
    assert np.array_equal(_voxels(volume, written), labels)
    assert _read(written.result.content).file_meta.TransferSyntaxUID == encoding.transfer_syntax_uid


@pytest.mark.parametrize("form", ["BINARY", "LABELMAP"])
def test_an_absent_segment_is_not_described(volume, form):
    labels = label_phantom(5, 16, 24, segments=2)
    labels[labels == 1] = 0
    analysed = analysed_volume(volume, labels, manifest=volume_manifest(3))
    (written,) = encode_segmentations(analysed, Encoding(form=form))
    assert written.numbers == {organ_name(1): 1}
    assert np.array_equal(_voxels(volume, written), labels == 2)


def test_empty_frames_are_left_out(volume):
    labels = np.zeros((5, 16, 24), np.uint8)
    labels[3, 4, 5] = 1
    (written,) = encode_segmentations(analysed_volume(volume, labels))
    instance = _read(written.result.content)
    assert instance.NumberOfFrames == 1
    position = instance.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient
    assert position == volume.sources[3].ImagePositionPatient


def test_every_source_is_referred_to(volume):
    labels = np.zeros((5, 16, 24), np.uint8)
    labels[3, 4, 5] = 1
    (written,) = encode_segmentations(analysed_volume(volume, labels))
    series = _read(written.result.content).ReferencedSeriesSequence[0]
    assert series.SeriesInstanceUID == "2.25.2"
    referenced = [item.ReferencedSOPInstanceUID for item in series.ReferencedInstanceSequence]
    assert referenced == [source.SOPInstanceUID for source in volume.sources]


def test_a_frame_of_reference_for_each_slice_becomes_one(tmp_path):
    volume = read_phantom(tmp_path / "series", FrameOfReferenceUID=None)
    (written,) = encode_segmentations(analysed_volume(volume))
    assert _read(written.result.content).FrameOfReferenceUID == volume.frame_of_reference_uid


def test_so_many_frames_and_no_more(tmp_path):
    volume = read_phantom(tmp_path / "series", (12, 16, 24))
    labels = label_phantom(12, 16, 24, segments=4)
    frames = [int((labels == k).any(axis=(1, 2)).sum()) for k in (1, 2, 3, 4)]
    written = encode_segmentations(analysed_volume(volume, labels), Encoding(most_frames=max(frames) + 1))
    assert [_read(each.result.content).NumberOfFrames for each in written] == frames
    assert len({each.result.series_instance_uid for each in written}) == 4
    descriptions = {_read(each.result.content).SeriesDescription for each in written}
    assert f"shades 1.2.3 SEG {organ_name(2)}" in descriptions


def test_made_twice_it_is_the_same_bytes(volume):
    one, other = (encode_segmentations(analysed_volume(volume))[0].result for _ in range(2))
    assert one == other


def test_another_way_of_storing_is_another_instance(volume):
    uids = {
        encode_segmentations(analysed_volume(volume), encoding)[0].result.sop_instance_uid
        for encoding in ENCODINGS
    }
    assert len(uids) == len(ENCODINGS)


def test_a_value_that_no_segment_has_is_refused(volume):
    labels = label_phantom(5, 16, 24)
    labels[2, 3, 3] = 9
    with pytest.raises(ValueError, match="holds 9, but there are 2 segments"):
        encode_segmentations(analysed_volume(volume, labels, manifest=volume_manifest(2), measured=()))


def test_labels_of_another_grid_are_refused(volume):
    labels = label_phantom(5, 16, 25)
    with pytest.raises(ValueError, match=r"labels are \(5, 16, 25\), the volume \(5, 16, 24\)"):
        encode_segmentations(analysed_volume(volume, found=Segmentation(labels=labels)))
