from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.key_image import key_images
from inference.encode.presentation_state import encode_presentation_state
from inference.encode.region import regions_of
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
    label_phantom,
    read_phantom,
)


def _read(made):
    return dcmread(BytesIO(encode_presentation_state(made).content))


def _lines(state):
    return [
        np.array(item.GraphicObjectSequence[0].GraphicData, np.float32).reshape(-1, 2)
        for item in state.GraphicAnnotationSequence
    ]


def test_each_region_of_an_image_is_drawn_where_it_is():
    made = analysed_image()
    state = _read(made)
    expected = [region.contour for k in (0, 1) for region in regions_of(made.found.labels[..., k])]
    for line, contour in zip(_lines(state), expected, strict=True):
        assert np.array_equal(line, contour)
    for item in state.GraphicAnnotationSequence:
        assert item.GraphicObjectSequence[0].GraphicAnnotationUnits == "PIXEL"
        assert item.ReferencedImageSequence[0].ReferencedSOPInstanceUID == made.header.SOPInstanceUID


def test_each_segment_of_a_volume_is_drawn_on_its_largest_slice(volume):
    state = _read(analysed_volume(volume))
    labels = label_phantom(*volume.voxels.shape)
    keys = key_images(labels, 2)
    named = [
        item.ReferencedImageSequence[0].ReferencedSOPInstanceUID for item in state.GraphicAnnotationSequence
    ]
    assert named == [volume.sources[key.index].SOPInstanceUID for key in keys]
    for line, key in zip(_lines(state), keys, strict=True):
        assert np.array_equal(line, key.region.contour)


def test_of_an_enhanced_instance_the_frame_is_named(tmp_path):
    volume = read_phantom(tmp_path / "series", is_enhanced=True)
    state = _read(analysed_volume(volume))
    keys = key_images(label_phantom(*volume.voxels.shape), 2)
    named = [
        int(item.ReferencedImageSequence[0].ReferencedFrameNumber) for item in state.GraphicAnnotationSequence
    ]
    assert named == [volume.frame_numbers[key.index] for key in keys]


def test_boxes_of_a_kind_share_a_layer_and_have_names():
    state = _read(analysed_boxes())
    layers = {item.GraphicLayer: item.GraphicLayerDescription for item in state.GraphicLayerSequence}
    assert sorted(layers.values()) == ["Mass", "Nodule"]
    drawn = [
        (layers[item.GraphicLayer], item.TextObjectSequence[0].UnformattedTextValue)
        for item in state.GraphicAnnotationSequence
    ]
    assert drawn == [("Nodule", "Nodule 1"), ("Nodule", "Nodule 2"), ("Mass", "Mass 1")]
    assert _lines(state)[0].tolist()[0] == [20, 10.5]


def test_where_there_is_nothing_to_draw_there_is_none(empty_labels):
    assert encode_presentation_state(analysed_image(labels=empty_labels)) is None
    assert encode_presentation_state(analysed_boxes((), ())) is None
    assert encode_presentation_state(analysed_classes()) is None


def test_slices_of_different_rescale_cannot_share_one(volume):
    """The first segment is largest on one slice, the second on another."""
    volume.sources[1].RescaleSlope = 2
    assert encode_presentation_state(analysed_volume(volume)) is None


def test_it_is_an_instance_of_the_study_and_the_same_again(volume):
    state = _read(analysed_volume(volume))
    assert (state.SeriesNumber, state.Modality, state.ContentLabel) == (392, "PR", "CONTOURS")
    assert str(state.PatientName) == "M\u00fcller^J\u00f6rg"
    assert encode_presentation_state(analysed_volume(volume)) == encode_presentation_state(
        analysed_volume(volume)
    )


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_the_image_is_shown_the_way_round_it_is(photometric):
    state = _read(analysed_image(PhotometricInterpretation=photometric))
    expected = {"MONOCHROME1": "INVERSE", "MONOCHROME2": "IDENTITY"}[photometric]
    assert state.PresentationLUTShape == expected
