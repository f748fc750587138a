"""docs/viewers.md: what OHIF shows is what the scenes assert; what others show is said with its source."""

import re

from tests.architecture.documents import ROOT, bare, read, table
from tests.browser.ohif_distribution import PACKAGE, VERSION
from tests.browser.scenes import SCENES

PAGE = "docs/viewers.md"
BY_TEST = table(PAGE, "In OHIF, by test", "what", "scene", "shown")
BY_DOCUMENTS = table(PAGE, "In other viewers, by their documents", "what", "Weasis", "3D Slicer")


def test_every_scene_has_its_row_and_every_row_its_scene() -> None:
    assert [bare(row["scene"]) for row in BY_TEST.rows] == [scene.name for scene in SCENES]


def test_every_row_says_what_is_shown() -> None:
    assert all(row["what"] and row["shown"] for row in BY_TEST.rows)


def test_the_version_is_the_one_that_is_tested() -> None:
    assert f"`{PACKAGE}` {VERSION}" in read(PAGE)


def test_what_others_show_is_said_with_its_source() -> None:
    viewers = [name for name in BY_DOCUMENTS.columns if name != "what"]
    cells = {(row["what"], name): row[name] for row in BY_DOCUMENTS.rows for name in viewers}
    assert cells
    assert not [place for place, cell in cells.items() if not re.search(r"\[[^\]]+\]\(https://", cell)]


def test_its_picture_is_there_and_small() -> None:
    (name,) = re.findall(r"!\[[^\]]+\]\((\S+\.png)\)", read(PAGE))
    picture = ROOT / "docs" / name
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size <= 300_000
    assert f"](docs/{name})" in read("README.md")
