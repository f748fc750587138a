from click.testing import CliRunner

from inference.commands.check import check


def test_ready_is_said_with_the_digest(package):
    result = CliRunner().invoke(check, [str(package)])
    assert result.exit_code == 0
    assert result.output.startswith("READY shades 1.2.3 sha256 ")


def test_why_not_is_said(tmp_path):
    result = CliRunner().invoke(check, [str(tmp_path)])
    assert result.exit_code == 1
    assert "holds no SHA256SUMS" in result.output
