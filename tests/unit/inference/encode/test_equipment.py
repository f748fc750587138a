import pytest

from inference.encode.clock import stamp
from inference.encode.equipment import (
    algorithm_identification,
    contributing_equipment,
    equipment,
    series_attributes,
)


def test_the_equipment_is_the_model_and_its_digest(analysed):
    made_by = equipment(analysed())
    assert made_by["manufacturer_model_name"] == "shades"
    assert made_by["device_serial_number"] == "ab" * 32
    assert made_by["software_versions"][0] == "1.2.3"


@pytest.mark.parametrize(
    ("number", "expected"), [(3, 391), (0, 91), (None, 91), (-5, 91), ("", 91), (99_999_999, 91)]
)
def test_the_series_number_follows_the_source(analysed, number, expected):
    attributes = series_attributes(analysed(SeriesNumber=number), "SR", 91)
    assert attributes["series_number"] == expected
    assert attributes["series_description"] == "shades 1.2.3 SR"


def test_a_description_is_cut_where_it_must(analysed):
    assert len(series_attributes(analysed(), "SEG " + "x" * 80, 1)["series_description"]) == 64


def test_research_is_said(analysed, manifest):
    assert series_attributes(analysed(), "SR", 91)["content_qualification"] == "RESEARCH"
    product = manifest.model_copy(
        update={"model": manifest.model.model_copy(update={"research_only": False})}
    )
    assert series_attributes(analysed(manifest=product), "SR", 91)["content_qualification"] == "PRODUCT"


def test_the_contribution_has_its_time(analysed):
    item = contributing_equipment(analysed(), stamp(analysed().now, analysed().header))
    assert item.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Processing Equipment"
    assert str(item.ContributionDateTime).startswith("2026")


def test_the_algorithm_is_named_with_its_digest(analysed):
    item = algorithm_identification(analysed())[0]
    assert (item.AlgorithmName, item.AlgorithmVersion) == ("shades", "1.2.3")
    assert item.AlgorithmFamilyCodeSequence[0].CodeValue == "123110"
    assert item.AlgorithmParameters == f"sha256={'ab' * 32}"
