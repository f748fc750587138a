import pytest

from inference.encode.series import LARGEST_NUMBER, series_attributes, series_number
from inference.encode.series_rule import SeriesRule


@pytest.mark.parametrize(
    ("number", "expected"), [(3, 391), (0, 91), (None, 91), (-5, 91), ("", 91), (99_999_999, 91)]
)
def test_the_number_follows_the_source(analysed, number, expected):
    attributes = series_attributes(analysed(SeriesNumber=number), "SR", 91)
    assert attributes["series_number"] == expected
    assert attributes["series_description"] == "shades 1.2.3 SR"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SeriesRule(times=0, plus=9000), 9091),
        (SeriesRule(times=1, plus=5000), 5094),
        (SeriesRule(times=1000, plus=100_000_000), 100_003_091),
    ],
)
def test_the_number_follows_the_rule(analysed, rule, expected):
    assert series_attributes(analysed(series=rule), "SR", 91)["series_number"] == expected


def test_a_number_is_never_too_large_to_be_one():
    assert series_number(SeriesRule(times=1), LARGEST_NUMBER - 91, 91) == LARGEST_NUMBER
    assert series_number(SeriesRule(times=1), LARGEST_NUMBER - 90, 91) == 91


@pytest.mark.parametrize(
    ("description", "of_source", "expected"),
    [
        ("AI {kind}", "Thorax", "AI SR"),
        ("{source}: {model} v{version} {kind}", "Thorax", "Thorax: shades v1.2.3 SR"),
        ("{source} {kind}", "", "SR"),
        ("{source} {kind}", "Th\u00f6rax\\n a\\b", "Thorax/n a/b SR"),
    ],
)
def test_the_description_follows_the_rule(analysed, description, of_source, expected):
    made = analysed(series=SeriesRule(description=description), SeriesDescription=of_source)
    assert series_attributes(made, "SR", 91)["series_description"] == expected


def test_a_description_is_cut_where_it_must(analysed):
    assert len(series_attributes(analysed(), "SEG " + "x" * 80, 1)["series_description"]) == 64


def test_research_is_said(analysed, manifest):
    assert series_attributes(analysed(), "SR", 91)["content_qualification"] == "RESEARCH"
    product = manifest.model_copy(
        update={"model": manifest.model.model_copy(update={"research_only": False})}
    )
    assert series_attributes(analysed(manifest=product), "SR", 91)["content_qualification"] == "PRODUCT"
