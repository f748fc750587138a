import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from inference.encode.shading import has_linear_shading, shading
from tests.unit.inference.encode.given import analysed_image, analysed_volume, read_phantom


def _window(given):
    (lut,) = given["voi_lut_transformations"]
    return float(lut.WindowCenter), float(lut.WindowWidth)


def _rescale(given):
    lut = given["modality_lut_transformation"]
    return float(lut.RescaleSlope), float(lut.RescaleIntercept), lut.RescaleType


def test_what_the_image_states_is_kept(tmp_path):
    volume = read_phantom(tmp_path / "series", WindowCenter=[40, 300], WindowWidth=[400, 1500])
    given = shading(analysed_volume(volume), volume.sources[0], None)
    assert _window(given) == (40, 400)
    assert _rescale(given) == (1, -1000, "HU")


def test_without_a_window_it_is_what_is_there(volume):
    centre, width = _window(shading(analysed_volume(volume), volume.sources[0], None))
    low, high = centre - width / 2, centre + width / 2
    assert -1000 <= low < high <= float(volume.voxels.max())


@pytest.mark.parametrize("width", [0, 0.5, ""])
def test_a_window_that_is_none_is_not_taken(width):
    stated, none = analysed_image(WindowCenter=40, WindowWidth=width), analysed_image()
    assert _window(shading(stated, stated.header, None)) == _window(shading(none, none.header, None))


def test_an_inverted_image_without_a_window_shows_all_it_can_store():
    made = analysed_image(PhotometricInterpretation="MONOCHROME1")
    bits = made.header.BitsStored
    assert _window(shading(made, made.header, None)) == ((2**bits - 1) / 2, 2**bits - 1)


def test_an_image_without_a_rescale_is_as_stored():
    made = analysed_image()
    assert _rescale(shading(made, made.header, None)) == (1, 0, "US")


def test_of_a_frame_its_own_group_counts(tmp_path):
    volume = read_phantom(tmp_path / "series", is_enhanced=True)
    source = volume.sources[0]
    assert has_linear_shading([(source, 1), (source, 2)])
    item, own = Dataset(), Dataset()
    item.RescaleSlope, item.RescaleIntercept, item.RescaleType = 3, 7, "HU"
    own.PixelValueTransformationSequence = Sequence([item])
    source.PerFrameFunctionalGroupsSequence[1].PixelValueTransformationSequence = Sequence([item])
    assert not has_linear_shading([(source, 1), (source, 2)])
    assert _rescale(shading(analysed_volume(volume), source, 2))[:2] == (3, 7)


def test_a_table_is_not_linear():
    image = Dataset()
    assert has_linear_shading([(image, None)])
    image.ModalityLUTSequence = Sequence([Dataset()])
    assert not has_linear_shading([(image, None)])
