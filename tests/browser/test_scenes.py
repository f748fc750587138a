"""Every kind of result in stock OHIF: segments voxel by voxel, colours, labels, lines and words of reports.

`make viewer-test` runs all scenes; `make test` the first.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import every_scene
from tests.browser.judgement import judge_marks, judge_overlay, judge_segments
from tests.browser.scene import Scene
from tests.browser.scenes import SCENES
from tests.browser.truth import true_marks, true_segments
from tests.browser.viewer import Viewer
from tests.neighbours.orthanc import Orthanc

# A browser without a graphics card, on a machine that has other work.
pytestmark = [pytest.mark.real_neighbours, pytest.mark.timeout(1200)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scene" in metafunc.fixturenames:
        scenes = SCENES if every_scene(metafunc.config) else SCENES[:1]
        metafunc.parametrize("scene", scenes, ids=lambda each: each.name)


def test_what_was_found_is_shown(
    scene: Scene, viewer: Viewer, pacs: Orthanc, tmp_path: Path, screens: Callable[[str], Path]
) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    analysed = scene.make(folder)
    results = [result for each in analysed for result in scene.results(each)]
    for content in [*(path.read_bytes() for path in folder.iterdir()), *(each.content for each in results)]:
        pacs.store(content)
    segmentations = [each for each in results if each.kind == "SEG"]
    reports = [each for each in results if each.kind == "SR"]
    assert len(segmentations) == scene.segmentations

    viewer.open(str(analysed[0].header.StudyInstanceUID), series=1 + len(results))
    for each in segmentations:
        viewer.show_segmentation(each.series_instance_uid)
    segments = [segment for each in analysed for segment in true_segments(each)]
    judge_segments(viewer, segments)
    judge_overlay(viewer, segments)
    viewer.picture().save(screens(f"{scene.name} SEG"))

    lines = 0
    for each, report in zip(analysed, reports, strict=True):
        if scene.sentences:
            said = viewer.show_text(report.series_instance_uid, scene.sentences[0])
            assert not [sentence for sentence in scene.sentences if sentence not in said]
        else:
            viewer.show_measurements(report.series_instance_uid)
        marks = true_marks(each)
        lines += len(marks)
        judge_marks(viewer, marks, lines=lines)
    viewer.picture().save(screens(f"{scene.name} SR"))
    assert viewer.mishaps == []
