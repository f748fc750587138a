from click.testing import CliRunner
from pydicom import dcmread

from inference.__main__ import main
from tests.projection_image import projection_image, write


def _run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_check_says_ready_with_the_digest(package):
    result = _run("check", package)
    assert result.exit_code == 0
    assert result.output.startswith("READY shades 1.2.3 sha256 ")


def test_check_says_why_not(tmp_path):
    result = _run("check", tmp_path)
    assert result.exit_code == 1
    assert "holds no SHA256SUMS" in result.output


def test_run_writes_results_and_picture(package, tmp_path):
    (tmp_path / "in").mkdir()
    write(projection_image(), tmp_path / "in" / "instance")
    result = _run("run", package, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "accepted in" in result.output
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name.split("-")[0] for path in files] == ["SEG", "SEG", "SR", "preview"]
    assert [dcmread(path).Modality for path in files[:3]] == ["SEG", "SEG", "SR"]


def test_run_goes_on_after_a_file_it_cannot_read(package, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("no DICOM")
    write(projection_image(), tmp_path / "in" / "b")
    result = _run("run", package, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "a.txt: not analysed: the file is no DICOM instance" in result.output
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_run_says_when_a_package_is_not_ready(tmp_path):
    result = _run("run", tmp_path, tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_run_says_when_there_is_nothing_to_read(package, tmp_path):
    (tmp_path / "in").mkdir()
    assert "holds no file" in _run("run", package, tmp_path / "in", "--out", tmp_path / "out").output
