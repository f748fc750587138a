"""Results that name those they replace: before dciodvfy and dsrdump."""

from dataclasses import replace

import pytest

from inference.encode.analysed import Analysed
from inference.encode.encoding import Encoding
from inference.encode.predecessor import Predecessor
from inference.encode.results import encode_results
from tests.conformance.sources import analysed_kind
from tests.unit.inference.encode.given import analysed_volume, read_phantom

pytestmark = pytest.mark.real_neighbours

REPLACED = (
    Predecessor(
        kind="SEG",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
        sop_instance_uid="2.25.71",
        series_instance_uid="2.25.72",
    ),
    Predecessor(
        kind="SEG",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.66.4",
        sop_instance_uid="2.25.73",
        series_instance_uid="2.25.74",
    ),
    Predecessor(
        kind="SR",
        sop_class_uid="1.2.840.10008.5.1.4.1.1.88.34",
        sop_instance_uid="2.25.81",
        series_instance_uid="2.25.82",
    ),
)


@pytest.fixture(params=["image", "volume"])
def made(request: pytest.FixtureRequest, tmp_path) -> Analysed:
    if request.param == "image":
        return replace(analysed_kind("odd size"), replaces=REPLACED)
    return replace(analysed_volume(read_phantom(tmp_path / "series")), replaces=REPLACED)


def test_dciodvfy_finds_no_error(made, errors_of):
    results = encode_results(made, Encoding(most_frames=2))
    assert len(results) > 2
    for result in results:
        assert errors_of(result.content) == []


def test_dsrdump_names_the_document_that_is_replaced(made, judge, tmp_path):
    (tmp_path / "report.dcm").write_bytes(encode_results(made)[-1].content)
    said = judge("dsrdump", "+Pl", tmp_path / "report.dcm")
    assert not [line for line in said.splitlines() if line.startswith(("E:", "F:", "W:"))], said
    assert "Predecessor Docs" in said
    assert "replaces an earlier result" in said
