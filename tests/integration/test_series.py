"""A CT series through the node: storescu in, a volume analysed, SEG and Comprehensive 3D SR out in Orthanc."""

from pathlib import Path

import numpy as np
from pydicom.uid import Comprehensive3DSRStorage, SegmentationStorage

from tests.labels_package import HIGH, LOW, build_labels_package, labels_phantom
from tests.neighbours.node import Node
from tests.neighbours.orthanc import Orthanc
from tests.unit.inference.volume.stacks import write_stack


def test_a_series_is_one_analysis_and_its_segments_are_whole(orthanc: Orthanc, tmp_path: Path) -> None:
    paths = write_stack(tmp_path / "series", labels_phantom() + 1000)
    package = build_labels_package(tmp_path / "labels")

    node = Node(tmp_path / "node", destinations={"orthanc": orthanc.url}, packages=package.parent).start()
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
    assert marked == np.count_nonzero(labels_phantom() == LOW) + np.count_nonzero(labels_phantom() == HIGH)
