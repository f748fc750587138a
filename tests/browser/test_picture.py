"""The picture of README.md: a real radiograph through the package that is shipped, overlay and measurements in OHIF.

Part of `make viewer-test`; with ``ARGS=--picture`` it is written to docs/ohif.png, else beside the other screenshots.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from inference.pipeline import analyse, load_model
from tests.browser.viewer import Viewer
from tests.neighbours.chest import real_chest_x_ray, write
from tests.neighbours.orthanc import Orthanc

pytestmark = [pytest.mark.real_neighbours, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "inference" / "models"
LARGEST = 300_000
COLOURS = 256
SIZE = (1560, 760)
STUDIES = 290
WIDTH = 960


def test_the_picture_of_the_readme(
    pytestconfig: pytest.Config, viewer: Viewer, pacs: Orthanc, tmp_path: Path, screens: Callable[[str], Path]
) -> None:
    source = real_chest_x_ray()
    # It says 0, and OHIF shows an image with such a spacing black, whatever lies over it.
    del source.PixelSpacing
    path = write(source, tmp_path)
    (package,) = MODELS.glob("cxr_lungs-*")
    outcome = analyse(load_model(package), [path], now=datetime.now(UTC))
    for content in (path.read_bytes(), *(each.content for each in outcome.results)):
        pacs.store(content)
    viewer.widen(*SIZE)
    viewer.open(source.StudyInstanceUID, series=1 + len(outcome.results))
    uids = {each.kind: each.series_instance_uid for each in outcome.results}
    viewer.split()
    viewer.activate(0)
    viewer.show_segmentation(uids["SEG"])
    assert viewer.segments()
    viewer.activate(1)
    viewer.show_measurements(uids["SR"])
    assert viewer.drawn().words
    assert viewer.mishaps == []
    _save(viewer, ROOT / "docs" / "ohif.png" if pytestconfig.getoption("--picture") else screens("ohif"))


def _save(viewer: Viewer, path: Path) -> None:
    """Smaller, without the list of studies on the left, and in few colours: greys, outlines, words."""
    screen = viewer.picture()
    viewports = screen.crop((STUDIES, 0, screen.width, screen.height))
    height = round(viewports.height * WIDTH / viewports.width)
    small = viewports.resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST
