import pytest

from inference.encode.image_library import image_library
from tests.unit.inference.encode.given import analysed_image, analysed_volume, read_phantom


def test_it_has_the_key_images_and_no_other(volume):
    (group,) = image_library(analysed_volume(volume), [3, 1, 3]).ContentSequence
    images = [item for item in group.ContentSequence if item.ValueType == "IMAGE"]
    assert [item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in images] == [
        volume.sources[1].SOPInstanceUID,
        volume.sources[3].SOPInstanceUID,
    ]
    positions = [float(item.MeasuredValueSequence[0].NumericValue) for item in images[1].ContentSequence]
    assert positions == [-30.5, 12.25, 106]


def test_what_they_share_is_said_once(volume):
    (group,) = image_library(analysed_volume(volume), [1, 3]).ContentSequence
    names = [
        i.ConceptNameCodeSequence[0].CodeMeaning for i in group.ContentSequence if i.ValueType != "IMAGE"
    ]
    assert len(names) == len(set(names))
    assert {"Modality", "Frame of Reference UID", "Pixel Data Rows", "Slice Thickness"} <= set(names)
    assert not any(name.startswith("Image Position") for name in names)


@pytest.mark.parametrize("modality", ["OT", "XA"])
def test_another_modality_has_none(tmp_path, modality):
    assert image_library(analysed_volume(read_phantom(tmp_path / "s", Modality=modality)), [1]) is None


def test_an_image_and_a_frame_have_none(tmp_path):
    assert image_library(analysed_image(), []) is None
    enhanced = read_phantom(tmp_path / "series", is_enhanced=True)
    assert image_library(analysed_volume(enhanced), [1]) is None
