"""What becomes of results: refusals and failures reported, forms by destination, a late instance, all in the PACS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import (
    ComprehensiveSRStorage,
    JPEGLSLossless,
    SegmentationStorage,
)
from pynetdicom.sop_class import LabelMapSegmentationStorage

from dicom_node.demo.pacs.server import StandInPacs
from tests.labels_package import HIGH, LOW, build_labels_package, labels_phantom
from tests.neighbours.chest import real_chest_x_ray, with_new_uids, write
from tests.neighbours.node import Node
from tests.neighbours.orthanc import Orthanc
from tests.unit.inference.volume.stacks import write_stack

SHAPE = (11, 23, 19)


def is_finished(study: dict[str, Any]) -> bool:
    return bool(study["state"] == "finished")


def test_a_refusal_lies_in_orthanc_as_a_report(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    source = with_new_uids(real_chest_x_ray())
    source.PixelData = bytes(len(source.PixelData))
    assert node.store(write(source, tmp_path)).returncode == 0

    study = node.wait_for_study(source.StudyInstanceUID, is_finished)
    reports = orthanc.wait_for(source.StudyInstanceUID, instances=len(study["analyses"]))

    assert study["analyses"]
    for analysis in study["analyses"]:
        assert (analysis["state"], len(analysis["results"])) == ("refused", 1)
        assert "blank" in analysis["error"]
    assert len(reports) == len(study["analyses"])
    for report in reports:
        assert report.SOPClassUID == ComprehensiveSRStorage
        assert (report.PatientID, report.StudyDate) == (source.PatientID, source.StudyDate)
        said = sentences(report)
        assert "The model gave no result for these images." in said
        assert any("blank" in sentence for sentence in said)


def test_a_failure_lies_in_orthanc_as_a_report(node: Node, orthanc: Orthanc, tmp_path: Path) -> None:
    source = with_new_uids(real_chest_x_ray())
    source.PixelData = source.PixelData[:1000]
    assert node.store(write(source, tmp_path)).returncode == 0

    study = node.wait_for_study(source.StudyInstanceUID, is_finished)
    reports = orthanc.wait_for(source.StudyInstanceUID, instances=len(study["analyses"]))

    assert {analysis["state"] for analysis in study["analyses"]} == {"failed"}
    assert len(reports) == len(study["analyses"])
    for report in reports:
        assert "That nothing is reported does not mean that nothing is there." in sentences(report)
        assert "unforeseen" not in report.to_json()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[StandInPacs]:
    (tmp_path / "archive").mkdir()
    standing_in = StandInPacs(folder=tmp_path / "archive", ae_title="ARCHIVE")
    standing_in.start()
    yield standing_in
    standing_in.stop()


@pytest.fixture
def volumes(orthanc: Orthanc, pacs: StandInPacs, archive: StandInPacs, tmp_path: Path) -> Iterator[Node]:
    """A node for volumes: Orthanc as most do it, one as a LABELMAP, one with few frames and deflated, no SR."""
    package = build_labels_package(tmp_path / "labels")
    urls = {
        "orthanc": orthanc.url,
        "maps": f"dicom://{pacs.ae_title}@{pacs.host}:{pacs.port}",
        "few": f"dicom://{archive.ae_title}@{archive.host}:{archive.port}",
    }
    forms = {
        "maps": 'segmentation = "LABELMAP"\ncompression = "JPEG-LS"\n',
        "few": 'frames_at_most = 8\ncompression = "deflated"\nkinds = ["SEG"]\n',
    }
    more = "".join(f'[destinations.{name}]\nurl = "{urls[name]}"\n{form}' for name, form in forms.items())
    more += (
        '[results]\nseries_number_times = 0\nseries_number_plus = 7000\nseries_description = "AI {kind}"\n'
    )
    running = Node(
        tmp_path / "node", destinations={"orthanc": orthanc.url}, packages=package.parent, more=more
    ).start()
    yield running
    assert running.stop() == 0, running.log()


def test_each_destination_has_its_form_and_a_late_instance_makes_a_successor(
    volumes: Node, orthanc: Orthanc, pacs: StandInPacs, archive: StandInPacs, tmp_path: Path
) -> None:
    study = "2.25.6100"
    series = {"StudyInstanceUID": study, "SeriesInstanceUID": "2.25.6101"}
    paths = write_stack(tmp_path / "series", labels_phantom() + 1000, **series)
    by_place = sorted(paths, key=lambda path: dcmread(path).ImagePositionPatient[2])

    assert volumes.store(*by_place[:-1]).returncode == 0
    volumes.wait_for_study(study, lambda told: is_finished(told) and len(told["analyses"]) == 1)
    first = {each.Modality: each for each in orthanc.instances(study)}
    assert labels_in(first["SEG"]) == expected(slices=SHAPE[0] - 1)
    assert (first["SEG"].SeriesNumber, first["SR"].SeriesNumber) == (7001, 7091)
    assert first["SR"].SeriesDescription == "AI SR"
    check_forms(pacs, archive, study)

    assert volumes.store(by_place[-1]).returncode == 0
    volumes.wait_for_study(study, lambda told: is_finished(told) and len(told["analyses"]) == 2)
    earlier = {each.SOPInstanceUID for each in first.values()}
    held = orthanc.wait_for(study, instances=4)
    new = {each.Modality: each for each in held if each.SOPInstanceUID not in earlier}
    assert set(new) == {"SEG", "SR"}
    (told,) = new["SR"].PredecessorDocumentsSequence
    documents = {
        each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for each in told.ReferencedSeriesSequence
    }
    assert first["SR"].SOPInstanceUID in documents
    named = {each.ReferencedSOPInstanceUID for each in new["SEG"].ReferencedImageSequence}
    assert first["SEG"].SOPInstanceUID in named
    assert "This replaces an earlier result of the same model for this series." in sentences(new["SR"])
    assert "PredecessorDocumentsSequence" not in first["SR"]


def check_forms(pacs: StandInPacs, archive: StandInPacs, study: str) -> None:
    maps = [dcmread(each.path) for each in pacs.instances(study)]
    by_class = {each.SOPClassUID: each for each in maps}
    labelmap, (report,) = by_class[LabelMapSegmentationStorage], [e for e in maps if e.Modality == "SR"]
    assert len(maps) == 2
    assert labelmap.file_meta.TransferSyntaxUID == JPEGLSLossless
    frames = labelmap.pixel_array
    truth = labels_phantom()[:-1]
    assert [(frames == k).sum() for k in (1, 2)] == [(truth == value).sum() for value in (LOW, HIGH)]
    assert labelmap.SOPInstanceUID in report.to_json()

    few = [dcmread(each.path) for each in archive.instances(study)]
    assert {each.SOPClassUID for each in few} == {SegmentationStorage}
    assert sorted(len(each.SegmentSequence) for each in few) == [1, 1]
    assert max(each.NumberOfFrames for each in few) <= 8


def labels_in(seg: Dataset) -> dict[int, int]:
    frames = seg.pixel_array
    numbers = [
        group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        for group in seg.PerFrameFunctionalGroupsSequence
    ]
    return {k: int(sum(frames[n].sum() for n, each in enumerate(numbers) if each == k)) for k in (1, 2)}


def expected(*, slices: int) -> dict[int, int]:
    truth = labels_phantom()[:slices]
    return {1: int(np.count_nonzero(truth == LOW)), 2: int(np.count_nonzero(truth == HIGH))}


def sentences(report: Dataset) -> list[str]:
    (said,) = [
        item
        for item in report.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Qualitative Evaluations"
    ]
    return [item.TextValue for item in said.ContentSequence]
