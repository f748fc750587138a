"""A CT series through the node: storescu in, a volume analysed, SEG and Comprehensive 3D SR out in Orthanc."""

from pathlib import Path

import numpy as np
from pydicom.uid import Comprehensive3DSRStorage, SegmentationStorage

from inference.train.pack import Sources, pack_package
from tests.neighbours.node import Node
from tests.neighbours.orthanc import Orthanc
from tests.unit.inference.pipeline.test_geometry import DRAFT, HIGH, LOW, _network, _phantom
from tests.unit.inference.volume.stacks import write_stack


def test_a_series_is_one_analysis_and_its_segments_are_whole(orthanc: Orthanc, tmp_path: Path) -> None:
    paths = write_stack(tmp_path / "series", _phantom() + 1000)
    (tmp_path / "draft.toml").write_text(DRAFT, encoding="utf-8")
    network = _network(tmp_path / "network")
    sources = Sources(draft=tmp_path / "draft.toml", networks=(network,), example=tmp_path / "series")
    pack_package(sources, tmp_path / "packages")

    node = Node(
        tmp_path / "node", destinations={"orthanc": orthanc.url}, packages=tmp_path / "packages"
    ).start()
    try:
        assert node.store(*paths).returncode == 0
        study = node.wait_for_study("2.25.1", lambda study: study["state"] == "finished")
        results = orthanc.wait_for("2.25.1", instances=2)
    finally:
        node.stop()

    (analysis,) = study["analyses"]
    assert (analysis["model"], analysis["state"]) == ("labels", "succeeded")
    by_class = {each.SOPClassUID: each for each in results}
    assert set(by_class) == {SegmentationStorage, Comprehensive3DSRStorage}
    marked = int(by_class[SegmentationStorage].pixel_array.sum())
    assert marked == np.count_nonzero(_phantom() == LOW) + np.count_nonzero(_phantom() == HIGH)
