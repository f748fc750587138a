import shutil

from click.testing import CliRunner

from inference.commands.seal import seal


def test_a_changed_package_is_sealed_and_ready(package, tmp_path):
    folder = shutil.copytree(package, tmp_path / package.name)
    (folder / "card.md").write_text("a better card", encoding="utf-8")
    result = CliRunner().invoke(seal, [str(folder)])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("READY shades 1.2.3 sha256 ")


def test_what_is_no_package_is_told(tmp_path):
    result = CliRunner().invoke(seal, [str(tmp_path)])
    assert result.exit_code == 1
    assert "holds no model.toml" in result.output
