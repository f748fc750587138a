from click.testing import CliRunner

from inference.commands.describe import describe
from tests.model_package import MANIFEST


def test_a_package_is_told_in_words(package):
    result = CliRunner().invoke(describe, [str(package)])
    assert result.exit_code == 0
    assert result.output.startswith("shades 1.2.3: segmentation, for research only\n")
    assert "greys outside of what training images had, at 1 percentiles" in result.output


def test_a_draft_will_do(tmp_path):
    (tmp_path / "model.toml").write_text(MANIFEST)
    assert "the package has no envelope" in CliRunner().invoke(describe, [str(tmp_path)]).output


def test_mistakes_are_told(tmp_path):
    (tmp_path / "model.toml").write_text(MANIFEST.replace("licence =", "licens ="))
    result = CliRunner().invoke(describe, [str(tmp_path)])
    assert result.exit_code == 1
    assert "did you mean 'licence'" in result.output
