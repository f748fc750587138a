"""Classification, detection, refusal, nothing found: before dciodvfy and dsrdump."""

import json

import numpy as np
import pytest

from inference.encode.analysed import EncodedResult
from inference.encode.refusal import encode_refusal
from inference.encode.results import encode_results
from tests.unit.inference.encode.given import (
    NOW,
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
    read_phantom,
    volume_manifest,
)

pytestmark = pytest.mark.real_neighbours

KINDS = [
    "classes",
    "boxes",
    "boxes with masks",
    "no box",
    "nothing found",
    "nothing found in a volume",
    "refused",
]


def _results(kind: str, folder) -> tuple[EncodedResult, ...]:
    masks = np.zeros((3, 14, 14), np.float32)
    masks[:, 2:12, 3:9] = 1
    match kind:
        case "classes":
            return encode_results(analysed_classes())
        case "boxes":
            return encode_results(analysed_boxes())
        case "boxes with masks":
            return encode_results(analysed_boxes(masks=masks))
        case "no box":
            return encode_results(analysed_boxes((), ()))
        case "nothing found":
            return encode_results(analysed_image(labels=np.zeros((121, 83, 2), np.uint8)))
    volume = read_phantom(folder / "series")
    if kind == "refused":
        given = {"manifest": volume_manifest(), "digest": "ab" * 32, "now": NOW, "reasons": ["gaps\x00"]}
        return (encode_refusal(headers=volume.sources, **given),)
    nothing = np.zeros(volume.voxels.shape, np.uint8)
    return encode_results(analysed_volume(volume, nothing, manifest=volume_manifest()))


@pytest.mark.parametrize("kind", KINDS)
def test_dciodvfy_finds_no_error(tmp_path, errors_of, kind):
    for result in _results(kind, tmp_path):
        assert errors_of(result.content) == []


@pytest.mark.parametrize("kind", KINDS)
def test_dsrdump_reads_the_whole_tree(tmp_path, judge, kind):
    (tmp_path / "report.dcm").write_bytes(_results(kind, tmp_path)[-1].content)
    said = judge("dsrdump", "+Pl", tmp_path / "report.dcm")
    assert not [line for line in said.splitlines() if line.startswith(("E:", "F:", "W:"))], said
    assert "For research only" in said
    # A viewer in wide use draws what has this title, and turns black where a finding has no place.
    is_drawn = '"Imaging Measurement Report"' in said
    assert is_drawn == kind.startswith("boxes")
    assert said.count("SCOORD") == (said.count('"Measurement Group"') if is_drawn else 0)


@pytest.mark.parametrize(("kind", "expected"), [("classes", [87.6, 12.3]), ("boxes", [95, 77.5, 60])])
def test_dcmqi_reads_the_probabilities(tmp_path, judge, kind, expected):
    (tmp_path / "report.dcm").write_bytes(_results(kind, tmp_path)[-1].content)
    judge("tid1500reader", "--inputDICOM", tmp_path / "report.dcm", "--outputMetadata", tmp_path / "r.json")
    groups = json.loads((tmp_path / "r.json").read_text())["Measurements"]
    items = [item for group in groups for item in group["measurementItems"]]
    assert [float(item["value"]) for item in items] == expected
