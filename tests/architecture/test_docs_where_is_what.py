"""docs/where-is-what.md names every Python file of the rooms, and only files that exist."""

from collections import Counter

from tests.architecture.documents import ROOT, in_backticks, tables

PAGE = "docs/where-is-what.md"


def test_every_file_and_folder_named_exists() -> None:
    missing = [name for name in _named() if not (ROOT / name).exists()]
    assert not missing


def test_every_file_of_the_rooms_is_named() -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for top in ("dicom_node", "inference")
        for path in (ROOT / top).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert not files - set(_named())


def test_every_room_is_named() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    rooms = [
        init.parent.relative_to(ROOT).as_posix()
        for init in ROOT.glob("*/*/__init__.py")
        if _is_ours(init.parts)
    ]
    assert rooms
    assert not [room for room in rooms if f"`{room}/`" not in text]


def test_no_file_has_two_rows() -> None:
    twice = [name for name, count in Counter(_named()).items() if count > 1]
    assert not twice


def _named() -> list[str]:
    return [name for each in tables(PAGE) for row in each.rows for name in in_backticks(row["where"])]


def _is_ours(parts: tuple[str, ...]) -> bool:
    return parts[-3] in ("dicom_node", "inference")
