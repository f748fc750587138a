import pytest

from inference.commands.loading import load_or_exit


def test_a_package_that_is_whole_is_given(package):
    assert load_or_exit(package).manifest.model.name == "shades"


def test_another_ends_the_command_with_its_reason(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        load_or_exit(tmp_path)
    assert ended.value.code == 1
    assert "holds no SHA256SUMS" in capsys.readouterr().err
