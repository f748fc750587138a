from click.testing import CliRunner

from inference.__main__ import main


def test_help_names_every_command_without_loading_tensorflow():
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.split("Commands:\n")[1].splitlines()] == [
        *("check", "describe", "pack", "run", "seal", "train")
    ]
