import pytest

from inference.encode.identity import tracking_uid
from inference.encode.key_image import key_images
from inference.encode.segmentation import encode_segmentations
from inference.encode.volume_groups import volume_groups
from tests.unit.inference.encode.given import analysed_volume, organ_name


@pytest.fixture
def made(volume):
    return analysed_volume(volume)


@pytest.fixture
def groups(made, volume):
    (written,) = encode_segmentations(made)
    key = key_images(made.found.labels, 2)[1]
    pair = volume_groups(made, volume, made.manifest.output.segment[1], key, written)
    return [group[0] for group in pair]


def _items(group):
    return {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in group.ContentSequence}


def test_they_are_tid_1411_and_1410_of_one_thing(groups, made):
    assert [group.ContentTemplateSequence[0].TemplateIdentifier for group in groups] == ["1411", "1410"]
    uids = {_items(group)["Tracking Unique Identifier"].UID for group in groups}
    assert uids == {tracking_uid(made, organ_name(1))}


def test_the_first_refers_to_the_segment(groups, made):
    (written,) = encode_segmentations(made)
    reference = _items(groups[0])["Referenced Segment"].ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == written.result.sop_instance_uid
    assert reference.ReferencedSegmentNumber == 2


def test_the_second_is_drawn_on_the_key_image(groups, made, volume):
    region = _items(groups[1])["Image Region"]
    key = key_images(made.found.labels, 2)[1]
    assert (region.ValueType, region.GraphicType) == ("SCOORD", "POLYLINE")
    assert region.GraphicData[:2] == region.GraphicData[-2:]
    referenced = region.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    assert referenced == volume.sources[key.index].SOPInstanceUID


def test_what_is_of_one_slice_is_said_there(groups):
    whole, planar = map(_items, groups)
    assert {"Volume", "Mean", "Certainty of Finding"} <= set(whole)
    assert "Long axis" in planar
    assert not {"Volume", "Mean", "Certainty of Finding"} & set(planar)
    assert "Long axis" not in whole
