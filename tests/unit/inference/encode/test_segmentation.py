from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.segmentation import encode_segmentations as encode
from tests.image_segmentation import read_image_segmentation
from tests.model_package import phantom


def encode_segmentations(analysed, *encoding):
    return [written.result for written in encode(analysed, *encoding)]


def _read(result):
    return dcmread(BytesIO(result.content))


def test_each_segment_is_an_instance_and_a_series_of_its_own(analysed):
    results = encode_segmentations(analysed())
    assert [_read(result).SegmentSequence[0].SegmentLabel for result in results] == ["Dark", "Grey"]
    assert len({result.series_instance_uid for result in results}) == 2
    for result in results:
        instance = _read(result)
        assert (result.kind, result.sop_class_uid) == ("SEG", instance.SOPClassUID)
        assert result.sop_instance_uid == instance.SOPInstanceUID
        assert result.series_instance_uid == instance.SeriesInstanceUID
        assert (instance.SegmentationType, len(instance.SegmentSequence), instance.NumberOfFrames) == (
            "BINARY",
            1,
            1,
        )


@pytest.mark.parametrize("index", [0, 1])
def test_the_mask_comes_back_voxel_for_voxel(analysed, index):
    result = encode_segmentations(analysed())[index]
    expected = phantom(121, 83)[1][..., index]
    assert np.array_equal(_read(result).pixel_array, expected)
    by_highdicom = read_image_segmentation(result.content).get_pixels_by_source_instance(["2.25.3"])
    assert np.array_equal(by_highdicom[0, ..., 0], expected)


def test_a_viewer_finds_an_orientation_and_no_place(analysed):
    instance = _read(encode_segmentations(analysed())[0])
    shared = instance.SharedFunctionalGroupsSequence[0]
    assert shared.PlaneOrientationSequence[0].ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
    assert "FrameOfReferenceUID" not in instance
    assert "PlanePositionSequence" not in instance.PerFrameFunctionalGroupsSequence[0]
    assert instance.PatientOrientation == ["L", "F"]


def test_the_segment_says_what_it_is(analysed):
    dark, grey = (_read(result).SegmentSequence[0] for result in encode_segmentations(analysed()))
    kind = dark.SegmentedPropertyTypeCodeSequence[0]
    assert kind.CodeMeaning == "Lung"
    assert kind.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning == "Left"
    assert "SegmentedPropertyTypeModifierCodeSequence" not in grey.SegmentedPropertyTypeCodeSequence[0]
    assert (dark.SegmentAlgorithmType, dark.SegmentAlgorithmName) == ("AUTOMATIC", "shades")
    assert dark.TrackingUID != grey.TrackingUID


def test_an_empty_segment_is_not_written(analysed):
    labels = phantom(121, 83)[1].copy()
    labels[..., 0] = 0
    (result,) = encode_segmentations(analysed(labels=labels))
    assert _read(result).SegmentSequence[0].SegmentLabel == "Grey"


def test_an_empty_neighbour_changes_no_uid(analysed):
    labels = phantom(121, 83)[1].copy()
    labels[..., 0] = 0
    (alone,) = encode_segmentations(analysed(labels=labels))
    assert alone.sop_instance_uid == encode_segmentations(analysed())[1].sop_instance_uid


def test_the_series_is_described(analysed, manifest):
    instance = _read(encode_segmentations(analysed())[1])
    assert (instance.SeriesNumber, instance.SeriesDescription) == (302, "shades 1.2.3 SEG Grey")
    one = manifest.output.model_copy(update={"segment": manifest.output.segment[:1]})
    alone = analysed(
        manifest=manifest.model_copy(update={"output": one}), labels=phantom(121, 83)[1][..., :1]
    )
    assert _read(encode_segmentations(alone)[0]).SeriesDescription == "shades 1.2.3 SEG"


def test_made_twice_it_is_the_same_bytes(analysed):
    first, second = encode_segmentations(analysed()), encode_segmentations(analysed())
    assert [result.content for result in first] == [result.content for result in second]


def test_another_time_changes_dates_and_times_only(analysed):
    made = analysed()
    early = _read(encode_segmentations(made)[0])
    late = _read(encode_segmentations(replace(made, now=made.now + timedelta(days=40, hours=3)))[0])
    changed = {element.keyword for element in early if element != late[element.tag]}
    times = {
        f"{what}{part}" for what in ("InstanceCreation", "Series", "Content") for part in ("Date", "Time")
    }
    assert changed == times | {"ContributingEquipmentSequence"}
    for item in (early.ContributingEquipmentSequence[0], late.ContributingEquipmentSequence[0]):
        del item.ContributionDateTime
    assert early.ContributingEquipmentSequence == late.ContributingEquipmentSequence
