from inference.encode.segmentation import encode_segmentations
from inference.encode.written import instance_with
from tests.unit.inference.encode.given import analysed_image


def test_a_segment_is_found_by_its_label():
    first, second = encode_segmentations(analysed_image())
    assert instance_with("Dark", [first, second]) is first
    assert instance_with("Grey", [first, second]) is second
    assert instance_with("Other", [first, second]) is None
