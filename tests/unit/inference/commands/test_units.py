from inference.commands.units import units_in
from tests.projection_image import projection_image, write


def _folder(tmp_path):
    for name, series in (("b/1", "2.25.7"), ("a/2", "2.25.8"), ("a/1", "2.25.8"), ("c", "2.25.7")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        write(projection_image(rows=16, columns=16, SeriesInstanceUID=series), path)
    (tmp_path / "notes.txt").write_text("no DICOM")
    return tmp_path


def _names(units, folder):
    return [[path.relative_to(folder).as_posix() for path in unit] for unit in units]


def test_each_file_is_an_instance(tmp_path):
    found = units_in(_folder(tmp_path), "instance")
    assert _names(found.units, tmp_path) == [["a/1"], ["a/2"], ["b/1"], ["c"], ["notes.txt"]]


def test_files_of_one_series_belong_together_wherever_they_lie(tmp_path):
    found = units_in(_folder(tmp_path), "series")
    assert _names(found.units, tmp_path) == [["a/1", "a/2"], ["b/1", "c"]]
    ((path, reason),) = found.unread
    assert path.name == "notes.txt"
    assert "no DICOM instance" in reason


def test_an_empty_folder_has_none(tmp_path):
    for each in ("instance", "series"):
        found = units_in(tmp_path, each)
        assert (found.units, found.unread) == ((), ())
