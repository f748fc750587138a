from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.tag import Tag

from inference.encode.probability_map import encode_probability_maps
from tests.unit.inference.encode.given import analysed_image, analysed_volume, read_phantom


def _with_maps(volume, segments=2):
    maps = np.random.default_rng(3).random((segments, *volume.voxels.shape), dtype=np.float32)
    return replace(analysed_volume(volume), probabilities=maps), maps


def _by_place(instance, volume):
    """Each frame put where its own position says."""
    values = np.full(volume.voxels.shape, np.nan, np.float32)
    inverse = np.linalg.inv(volume.affine)
    for frame, group in zip(instance.pixel_array, instance.PerFrameFunctionalGroupsSequence, strict=True):
        place = inverse @ [*group.PlanePositionSequence[0].ImagePositionPatient, 1]
        assert np.allclose(place[1:3], 0, atol=0.01)
        values[round(place[0])] = frame
    return values


@pytest.mark.parametrize("given", [{}, {"step": (0, 0.9, 2.0)}, {"is_enhanced": True}])
def test_every_voxel_has_its_probability_in_its_place(tmp_path, given):
    volume = read_phantom(tmp_path / "series", **given)
    made, maps = _with_maps(volume)
    results = encode_probability_maps(made)
    assert [result.kind for result in results] == ["PM", "PM"]
    for result, expected in zip(results, maps, strict=True):
        instance = dcmread(BytesIO(result.content))
        assert np.array_equal(_by_place(instance, volume), expected)
        assert result.frames == len(expected)


def test_a_value_is_what_it_says(volume):
    instance = dcmread(BytesIO(encode_probability_maps(_with_maps(volume)[0])[1].content))
    assert Tag("FloatPixelData") in instance
    (mapping,) = instance.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence
    assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)
    assert mapping.LUTExplanation == "Probability of Kidney 2"
    assert mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeMeaning == "Probability"
    anatomy = instance.SharedFunctionalGroupsSequence[0].FrameAnatomySequence[0]
    assert anatomy.AnatomicRegionSequence[0].CodeMeaning == "Kidney"


def test_a_lesion_is_no_anatomy(volume):
    made, _ = _with_maps(volume)
    output = made.manifest.output
    lesion = output.segment[0].model_copy(update={"category": "SCT.MorphologicallyAbnormalStructure"})
    output = output.model_copy(update={"segment": [lesion, output.segment[1]]})
    made = replace(made, manifest=made.manifest.model_copy(update={"output": output}))
    first, second = (dcmread(BytesIO(each.content)) for each in encode_probability_maps(made))
    assert "FrameAnatomySequence" not in first.SharedFunctionalGroupsSequence[0]
    assert "FrameAnatomySequence" in second.SharedFunctionalGroupsSequence[0]


def test_every_source_is_named_and_each_map_is_a_series(volume):
    first, second = encode_probability_maps(_with_maps(volume)[0])
    assert first.series_instance_uid != second.series_instance_uid
    instance = dcmread(BytesIO(first.content))
    named = {each.ReferencedSOPInstanceUID for each in instance.SourceImageSequence}
    assert named == {source.SOPInstanceUID for source in volume.sources}
    assert (instance.SeriesNumber, str(instance.PatientName)) == (351, "M\u00fcller^J\u00f6rg")


def test_made_again_it_is_the_same(volume):
    made, _ = _with_maps(volume)
    assert [each.content for each in encode_probability_maps(made)] == [
        each.content for each in encode_probability_maps(made)
    ]


def test_maps_of_another_grid_are_refused(volume):
    with pytest.raises(ValueError, match="the probabilities are"):
        encode_probability_maps(_with_maps(volume, segments=3)[0])
    with pytest.raises(ValueError, match="where they were kept"):
        encode_probability_maps(analysed_volume(volume))
    with pytest.raises(ValueError, match="of a volume"):
        encode_probability_maps(analysed_image())
