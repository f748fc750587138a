import pytest

from inference.errors import TrainingRefused
from inference.train.writable import require_writable


def test_a_folder_is_made_and_left_empty(tmp_path):
    require_writable(tmp_path / "new" / "packages")
    assert list((tmp_path / "new").rglob("*")) == [tmp_path / "new" / "packages"]


@pytest.mark.parametrize("name", ["file", "file/packages"])
def test_what_is_a_file_or_lies_below_one_is_told(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        TrainingRefused, match=rf"nothing can be written to .*{name} \(.+\); give --out a folder"
    ):
        require_writable(tmp_path / name)
