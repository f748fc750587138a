from click.testing import CliRunner
from pydicom import dcmread

from inference.commands.run import run
from tests.projection_image import projection_image, write


def _run(*arguments):
    return CliRunner().invoke(run, [str(argument) for argument in arguments])


def test_results_and_picture_are_written(package, tmp_path):
    (tmp_path / "in").mkdir()
    write(projection_image(), tmp_path / "in" / "instance")
    result = _run(package, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "accepted in" in result.output
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name.split("-")[0] for path in files] == ["SEG", "SEG", "SR", "preview"]
    assert [dcmread(path).Modality for path in files[:3]] == ["SEG", "SEG", "SR"]


def test_it_goes_on_after_a_file_it_cannot_read(package, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("no DICOM")
    write(projection_image(), tmp_path / "in" / "b")
    result = _run(package, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "a.txt: not analysed: the file is no DICOM instance" in result.output
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_a_refusal_is_an_answer(package, tmp_path):
    (tmp_path / "in").mkdir()
    write(projection_image(rows=20, columns=20), tmp_path / "in" / "a")
    result = _run(package, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "refused (the image is 20 x 20, smaller than 64 x 64)" in result.output
    (report,) = (tmp_path / "out").iterdir()
    assert report.name.startswith("SR-")


def test_a_package_that_is_not_ready_is_told(tmp_path):
    result = _run(tmp_path, tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_nothing_to_read_is_told(package, tmp_path):
    (tmp_path / "in").mkdir()
    assert "holds no file" in _run(package, tmp_path / "in", "--out", tmp_path / "out").output
