import pytest

from inference.errors import PackageInvalid
from inference.predict.members import folders_of_members


def test_one_network_lies_in_the_folder_itself(tmp_path):
    assert folders_of_members(tmp_path, 1) == (tmp_path,)


def test_several_lie_in_numbered_folders_in_the_order_of_numbers(tmp_path):
    for number in range(11):
        (tmp_path / str(number)).mkdir()
    assert [path.name for path in folders_of_members(tmp_path, 11)] == [str(number) for number in range(11)]


@pytest.mark.parametrize("there", [("0", "1"), ("0", "1", "2", "3"), ("1", "2", "3"), ()])
def test_other_than_declared_is_refused_with_what_is_there(tmp_path, there):
    for name in there:
        (tmp_path / name).mkdir()
    with pytest.raises(
        PackageInvalid,
        match=rf"needs the folders 0, 1, 2 in model/, which holds {there[0] if there else 'nothing'}",
    ):
        folders_of_members(tmp_path, 3)


def test_no_folder_is_refused(tmp_path):
    with pytest.raises(PackageInvalid, match="holds nothing"):
        folders_of_members(tmp_path / "model", 2)
