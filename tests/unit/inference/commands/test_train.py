from click.testing import CliRunner

from inference.commands.train import train
from tests.unit.inference.train.small_training import RECIPE, write_data, write_recipe


def _train(tmp_path, **changes):
    path = write_recipe(tmp_path / "recipe", **changes)
    data = tmp_path / "data"
    if not data.exists():
        write_data(data)
    return CliRunner().invoke(train, [str(path), "--data", str(data), "--out", str(tmp_path / "out")])


def test_what_is_trained_is_told_checked_and_ready(tmp_path):
    result = _train(tmp_path)
    assert result.exit_code == 0, result.output
    lines = result.output.strip().splitlines()
    assert lines[0] == "member 0: 6 cases to learn from, 2 to validate"
    assert [line.split(" loss ")[0] for line in lines[1:3]] == ["epoch 1/2", "epoch 2/2"]
    assert any(line.startswith("mean Dice ") for line in lines)
    assert lines[-2] == f"{tmp_path / 'out' / 'shades-1.2.3'} written"
    assert lines[-1].startswith("READY shades 1.2.3 sha256 ")
    again = _train(tmp_path)
    assert again.exit_code == 1
    assert "exists; move it away" in again.output


def test_a_place_below_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "out").write_text("")
    path = write_recipe(tmp_path / "recipe")
    out = str(tmp_path / "out" / "packages")
    result = CliRunner().invoke(train, [str(path), "--data", str(tmp_path), "--out", out])
    assert result.exit_code == 1
    assert f"nothing can be written to {out} (Not a directory)" in result.output


def test_a_mistake_is_told_in_a_sentence(tmp_path):
    result = _train(tmp_path, recipe=RECIPE.replace("epochs", "epoch"))
    assert result.exit_code == 1
    assert "did you mean 'epochs'" in result.output
    assert "Traceback" not in result.output
