import numpy as np
import pytest

from inference.errors import InputUnreadable, PackageInvalid
from inference.package.input import Input
from inference.train.inputs import read_input, read_inputs
from tests.projection_image import projection_image, write
from tests.unit.inference.gate.series import ct, trunk, written

INSTANCE, SERIES = Input(each="instance"), Input(each="series")


def test_an_instance_is_a_projection(tmp_path):
    field = read_input(write(projection_image(rows=70, columns=50), tmp_path / "a"), INSTANCE)
    assert (field.values.shape, field.values.dtype, field.affine) == ((70, 50), np.float32, None)


def test_a_folder_with_a_series_is_a_volume_with_its_place(tmp_path):
    written(ct(trunk(4)), tmp_path / "series")
    field = read_input(tmp_path / "series", SERIES)
    assert field.values.shape == (4, 96, 128)
    assert np.linalg.norm(field.affine[:3, :3], axis=0) == pytest.approx([5, 3, 3])


def test_arrays_are_taken_as_they_are(tmp_path):
    np.savez(tmp_path / "a.npz", pixels=np.arange(24, dtype=np.int16).reshape(2, 3, 4), affine=np.eye(4))
    field = read_input(tmp_path / "a.npz", SERIES)
    assert field.values.tolist() == np.arange(24).reshape(2, 3, 4).tolist()
    assert np.array_equal(field.affine, np.eye(4))


def test_arrays_of_a_volume_without_its_place_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", pixels=np.ones((2, 3, 4)))
    with pytest.raises(PackageInvalid, match="a volume has an affine"):
        read_input(tmp_path / "a.npz", SERIES)


def test_one_instance_means_one(tmp_path):
    for name in "ab":
        write(projection_image(), tmp_path / name)
    with pytest.raises(InputUnreadable, match="2 files; the package reads one instance"):
        read_input(tmp_path, INSTANCE)


def test_every_file_of_a_folder_is_an_input(tmp_path):
    for name in "ab":
        write(projection_image(rows=70), tmp_path / name)
    assert [field.values.shape[0] for field in read_inputs(tmp_path, INSTANCE)] == [70, 70]


def test_every_subfolder_is_a_series_and_a_folder_of_instances_is_one(tmp_path):
    for name in "ab":
        written(ct(trunk(4)), tmp_path / name)
    assert len(list(read_inputs(tmp_path, SERIES))) == 2
    assert len(list(read_inputs(tmp_path / "a", SERIES))) == 1


@pytest.mark.parametrize("wanted", [INSTANCE, SERIES])
def test_an_empty_folder_is_said_plainly(tmp_path, wanted):
    with pytest.raises(InputUnreadable, match="holds no input"):
        list(read_inputs(tmp_path, wanted))
