"""storescu in, SEG and SR out in Orthanc: the whole path, on the real parts."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.uid import ComprehensiveSRStorage, SegmentationStorage

from tests.neighbours.chest import real_chest_x_ray, set_off_centre, with_new_uids, write
from tests.neighbours.node import CXR_LUNGS, Node
from tests.neighbours.orthanc import Orthanc
from tests.neighbours.programs import program

ROWS_ABOVE, COLUMNS_LEFT = 800, 700


def test_seg_and_sr_lie_in_orthanc(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    source = with_new_uids(real_chest_x_ray())
    assert node.store(write(source, tmp_path)).returncode == 0

    study = node.wait_for_study(source.StudyInstanceUID, lambda study: study["state"] == "finished")
    results = orthanc.wait_for(source.StudyInstanceUID, instances=2)

    assert {each.SOPClassUID for each in results} == {SegmentationStorage, ComprehensiveSRStorage}
    (analysis,) = study["analyses"]
    assert (analysis["model"], analysis["state"], analysis["attempts"]) == ("cxr_lungs", "succeeded", 1)
    assert study["complete_because"] == "no instance came for 1 s"
    told = {row["sop_instance_uid"]: row for row in analysis["results"]}
    assert set(told) == {each.SOPInstanceUID for each in results}
    assert {(row["destination"], row["delivery_state"]) for row in told.values()} == {
        ("orthanc", "delivered")
    }
    for each in results:
        assert each.PatientID == source.PatientID
        assert errors_of_dciodvfy(each, tmp_path) == []


def test_offline_gives_what_the_node_gives(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    """`python -m inference run` on the same file: the same UIDs and every attribute, but for the time of day."""
    source = with_new_uids(real_chest_x_ray())
    folder = tmp_path / "study"
    folder.mkdir()
    assert node.store(write(source, folder)).returncode == 0
    by_node = orthanc.wait_for(source.StudyInstanceUID, instances=2)

    command = [sys.executable, "-m", "inference", "run", str(CXR_LUNGS), str(folder), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    offline = [dcmread(path) for path in tmp_path.glob("*.dcm")]

    assert {each.SOPInstanceUID: timeless(each) for each in offline} == {
        each.SOPInstanceUID: timeless(each) for each in by_node
    }


def test_the_mask_lies_where_the_lungs_are(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    """An image pushed to the lower right: its mask must be that of the image alone, pushed as far."""
    alone = with_new_uids(real_chest_x_ray())
    pushed = set_off_centre(
        with_new_uids(real_chest_x_ray()), rows_above=ROWS_ABOVE, columns_left=COLUMNS_LEFT
    )
    node.store(write(alone, tmp_path, "alone.dcm"))
    node.store(write(pushed, tmp_path, "pushed.dcm"))

    mask_alone = mask_of(orthanc.wait_for(alone.StudyInstanceUID, instances=2))
    mask_pushed = mask_of(orthanc.wait_for(pushed.StudyInstanceUID, instances=2))

    assert mask_pushed.shape == (pushed.Rows, pushed.Columns)
    assert not mask_pushed[:ROWS_ABOVE].any() and not mask_pushed[:, :COLUMNS_LEFT].any()
    assert dice(mask_pushed[ROWS_ABOVE:, COLUMNS_LEFT:], mask_alone) > 0.9
    assert dice(mask_pushed, mask_pushed[::-1]) < 0.7
    assert dice(mask_pushed, mask_pushed[:, ::-1]) < 0.7


def test_the_same_instance_twice_is_one_result(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    source = with_new_uids(real_chest_x_ray())
    file = write(source, tmp_path)
    assert node.store(file).returncode == 0
    assert node.store(file).returncode == 0

    study = node.wait_for_study(source.StudyInstanceUID, lambda study: study["state"] == "finished")

    assert study["instances"] == 1
    assert len(study["analyses"]) == 1
    assert len(orthanc.instances(source.StudyInstanceUID)) == 2


def timeless(instance: Dataset) -> str:
    """Everything an instance says, as JSON, without dates and times."""
    for element in list(instance):
        if element.VR in ("DA", "TM", "DT"):
            del instance[element.tag]
        elif element.VR == "SQ":
            for item in element.value:
                timeless(item)
    return str(instance.to_json())


def mask_of(results: list[Dataset]) -> np.ndarray:
    (segmentation,) = [each for each in results if each.SOPClassUID == SegmentationStorage]
    return np.squeeze(segmentation.pixel_array).astype(bool)


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


def errors_of_dciodvfy(instance: Dataset, folder: Path) -> list[str]:
    file = write(instance, folder, f"{instance.Modality}.dcm")
    said = subprocess.run(
        [program("dciodvfy"), "-new", str(file)], capture_output=True, text=True, check=False
    )
    return [line for line in said.stderr.splitlines() if line.startswith("Error")]
