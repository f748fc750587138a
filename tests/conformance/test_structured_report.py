"""SR instances before judges that are not ours: dciodvfy, DCMTK's dsrdump, dcmqi's tid1500reader."""

import json
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread

from inference.encode.results import encode_results
from tests.conformance.sources import SOURCES, analysed_kind
from tests.model_package import phantom

pytestmark = pytest.mark.real_neighbours


@pytest.fixture
def report(run, tmp_path):
    """Run the phantom and write its report; returns the outcome, the report and its path."""

    def report(path=None, **attributes):
        outcome = run(path, **attributes)
        (result,) = (result for result in outcome.results if result.kind == "SR")
        (tmp_path / "report.dcm").write_bytes(result.content)
        return outcome, result, tmp_path / "report.dcm"

    return report


@pytest.mark.parametrize("kind", SOURCES)
def test_dciodvfy_finds_no_error(errors_of, kind):
    assert errors_of(encode_results(analysed_kind(kind))[-1].content) == []


def test_dciodvfy_finds_no_error_for_real_radiographs(report, errors_of, radiograph):
    assert errors_of(report(radiograph)[1].content) == []


@pytest.mark.parametrize("kind", ["odd size", "spacing", "DX", "no patient at all"])
def test_dsrdump_reads_the_whole_tree(report, judge, kind):
    outcome, _, path = report(**SOURCES[kind])
    said = judge("dsrdump", "+Pl", path)
    assert not [line for line in said.splitlines() if line.startswith(("E:", "F:", "W:"))], said
    groups = said.count('"Measurement Group"')
    assert groups >= len(outcome.measured) == 2
    assert said.count("SCOORD") == said.count('"Tracking Unique Identifier"') == groups
    assert "For research only" in said


def test_dcmqi_reads_the_measurements(report, judge, tmp_path):
    outcome, _, path = report(PixelSpacing=[0.2, 0.1])
    judge("tid1500reader", "--inputDICOM", path, "--outputMetadata", tmp_path / "report.json")
    groups = json.loads((tmp_path / "report.json").read_text())["Measurements"]
    areas = [_item(group, "Area") for group in groups]
    assert [item["units"]["CodeValue"] for item in areas] == ["mm2"] * len(groups)
    # A segment's area is that of its regions together.
    names = [group["TrackingIdentifier"].rpartition(" ")[0] for group in groups]
    for each in outcome.measured:
        told = [float(item["value"]) for name, item in zip(names, areas, strict=True) if name == each.segment]
        assert sum(told) == pytest.approx(each.value, abs=0.01 * len(told))
    assert {group["measurementAlgorithmIdentification"]["AlgorithmName"] for group in groups} == {"shades"}


@pytest.mark.parametrize("size", [(641, 523), (523, 641)])
def test_the_line_goes_around_what_it_should(report, size):
    rows, columns = size
    instance = dcmread(BytesIO(report(rows=rows, columns=columns)[1].content))
    (measurements,) = [i for i in instance.ContentSequence if _named(i, "Imaging Measurements")]
    (line,) = [i for i in measurements.ContentSequence[0].ContentSequence if _named(i, "Image Region")]
    column, row = np.array(line.GraphicData).reshape(-1, 2).T
    marked_rows, marked_columns = np.nonzero(phantom(rows, columns)[1][..., 0])
    # The network's grid is some five pixels wide.
    assert column.min() == pytest.approx(marked_columns.min(), abs=6)
    assert column.max() == pytest.approx(marked_columns.max() + 1, abs=6)
    assert row.min() == pytest.approx(marked_rows.min(), abs=6)
    assert row.max() == pytest.approx(marked_rows.max() + 1, abs=6)


def _item(group, meaning):
    return next(i for i in group["measurementItems"] if i["quantity"]["CodeMeaning"] == meaning)


def _named(item, meaning):
    return item.ConceptNameCodeSequence[0].CodeMeaning == meaning
