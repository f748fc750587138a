import pytest
from pydicom import dcmread

from dicom_node.demo import sample as module
from dicom_node.demo.sample import find_sample
from dicom_node.errors import RehearsalFailed


def test_the_sample_is_a_real_chest_x_ray_as_the_world_is():
    sample = find_sample()
    image = dcmread(sample.path)
    assert (image.Modality, image.PhotometricInterpretation, image.BitsStored) == ("CR", "MONOCHROME1", 15)
    assert [float(each) for each in image.PixelSpacing] == [0, 0]
    assert sample.study_instance_uid == image.StudyInstanceUID
    assert sample.sop_instance_uid == image.SOPInstanceUID
    assert sample.sop_class_uid == image.SOPClassUID
    assert image.pixel_array.shape == (image.Rows, image.Columns)


def test_without_it_what_to_install_is_said_and_nothing_is_fetched(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "get_testdata_file", lambda name, **how: asked.append((name, how)))
    with pytest.raises(RehearsalFailed, match="install the extra 'demo'"):
        find_sample()
    assert asked == [("RG1_UNCR.dcm", {"read": False, "download": False})]
