import numpy as np
import pytest

from inference.encode.key_image import key_images, name_for_reader, reference
from tests.unit.inference.encode.given import read_phantom


def test_it_is_the_slice_with_most_of_the_segment():
    labels = np.zeros((4, 10, 12), np.uint8)
    labels[1, 2:4, 3:5], labels[3, 2:8, 3:9] = 1, 1
    labels[3, 0, 0] = 3
    one, two, three = key_images(labels, 3)
    assert (one.index, one.region.pixels) == (3, 36)
    assert one.region.contour.min(axis=0).tolist() == [3, 2]
    assert one.region.contour.max(axis=0).tolist() == [9, 8]
    assert two is None
    assert (three.index, three.region.pixels) == (3, 1)


def test_an_image_is_named_by_its_instance_number(volume):
    assert name_for_reader(volume, 2) == "image 3 of 5 by place"
    for number, source in enumerate(volume.sources):
        source.InstanceNumber = 50 - number
    assert name_for_reader(volume, 2) == "image 48"


def test_a_frame_is_named_by_its_number(tmp_path):
    volume = read_phantom(tmp_path / "series", is_enhanced=True)
    assert name_for_reader(volume, 2) == "frame 3"
    item = reference(volume, 2).ReferencedSOPSequence[0]
    assert (item.ReferencedSOPInstanceUID, item.ReferencedFrameNumber) == ("2.25.91", 3)


@pytest.mark.parametrize("index", [0, 4])
def test_a_line_is_drawn_on_the_slice_s_own_instance(volume, index):
    item = reference(volume, index).ReferencedSOPSequence[0]
    assert item.ReferencedSOPInstanceUID == volume.sources[index].SOPInstanceUID
    assert "ReferencedFrameNumber" not in item
