"""A browser, the viewer, and a PACS for each scene. With ``--every-scene``, all scenes, and nothing may be absent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.ohif_distribution import NotThere, ohif_distribution
from tests.browser.site import Site
from tests.browser.viewer import Viewer
from tests.neighbours.orthanc import Orthanc
from tests.neighbours.programs import program

T = TypeVar("T")
# WebGL without a graphics card, for the images alone, not for the page around them; and root may not have a sandbox.
FLAGS = (
    "--disable-gpu-rasterization",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
)
SCREENS = Path(__file__).parents[2] / "var" / "viewer-test"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-scene", action="store_true", help="all scenes, and fail where a program is missing"
    )
    parser.addoption("--picture", action="store_true", help="write docs/ohif.png anew")


def every_scene(config: pytest.Config) -> bool:
    """Unless this folder was named, pytest does not know the option."""
    return bool(config.getoption("--every-scene", default=False))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The picture of the README is of the long form alone."""
    return True if collection_path.name == "test_picture.py" and not every_scene(config) else None


# No longer than its tests: the loop it runs in would be in the way of others.
@pytest.fixture(scope="module")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    chromium = _needed(pytestconfig, lambda: program("chromium"))
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def distribution(pytestconfig: pytest.Config) -> Path:
    return _needed(pytestconfig, ohif_distribution)


@pytest.fixture
def pacs(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Orthanc]:
    folder = tmp_path / "orthanc"
    folder.mkdir()
    running = _needed(pytestconfig, lambda: Orthanc(folder, dicom_web=True))
    yield running
    running.stop()


@pytest.fixture
def viewer(browser: Browser, distribution: Path, pacs: Orthanc) -> Iterator[Viewer]:
    site = Site(distribution, pacs.dicom_web_url)
    opened = Viewer(browser, site.url)
    yield opened
    opened.close()
    site.stop()


@pytest.fixture
def screens() -> Callable[[str], Path]:
    """Where screenshots are kept; git ignores the folder."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return lambda name: SCREENS / f"{name.replace(' ', '_').replace(',', '')}.png"


def _needed(config: pytest.Config, find: Callable[[], T]) -> T:
    try:
        return find()
    except (NotThere, pytest.skip.Exception) as absent:
        if every_scene(config):
            pytest.fail(str(absent), pytrace=False)
        pytest.skip(str(absent))
