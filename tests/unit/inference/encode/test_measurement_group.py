import pytest

from inference.encode.measurement_group import measurement_group
from inference.encode.region import regions_of


def _group(analysed, index=0):
    segment = analysed.manifest.output.segment[index]
    return measurement_group(analysed, segment, 1, _region(analysed, index))[0]


def _region(analysed, index=0):
    return regions_of(analysed.found.labels[..., index])[0]


def _items(group):
    return {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in group.ContentSequence}


def test_it_is_tid_1410_with_line_tracking_and_finding(analysed):
    group = _group(analysed())
    items = _items(group)
    assert group.ContentTemplateSequence[0].TemplateIdentifier == "1410"
    assert items["Tracking Identifier"].TextValue == "Dark 1"
    assert items["Tracking Unique Identifier"].UID.startswith("2.25.")
    assert items["Finding"].ConceptCodeSequence[0].CodeMeaning == "Lung"
    region = items["Image Region"]
    assert (region.ValueType, region.GraphicType) == ("SCOORD", "POLYLINE")
    assert region.GraphicData[:2] == region.GraphicData[-2:]
    assert region.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "2.25.3"


@pytest.mark.parametrize(
    ("attributes", "unit", "factor"),
    [
        ({}, "{pixels}", 1),
        ({"PixelSpacing": [0, 0]}, "{pixels}", 1),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, "mm2", 0.02),
    ],
)
def test_the_area_has_the_unit_that_is_known(analysed, attributes, unit, factor):
    made = analysed(**attributes)
    value = _items(_group(made))["Area"].MeasuredValueSequence[0]
    assert value.MeasurementUnitsCodeSequence[0].CodeValue == unit
    assert float(value.NumericValue) == pytest.approx(_region(made).pixels * factor, abs=0.01)


def test_the_certainty_is_in_percent(analysed):
    value = _items(_group(analysed()))["Certainty of Finding"].MeasuredValueSequence[0]
    assert float(value.NumericValue) == 98.7
    assert value.MeasurementUnitsCodeSequence[0].CodeValue == "%"


def test_a_part_of_the_body_is_its_own_site_and_a_side_is_told_where_there_is_one(analysed):
    site = _items(_group(analysed()))["Finding Site"]
    assert site.ConceptCodeSequence[0].CodeMeaning == "Lung"
    assert site.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning == "Left"
    site = _items(_group(analysed(), 1))["Finding Site"]
    assert site.ConceptCodeSequence[0].CodeMeaning == "Heart"
    assert "ContentSequence" not in site


def test_what_is_no_part_of_the_body_is_no_site(analysed, manifest):
    changed = {"category": "SCT.MorphologicallyAbnormalStructure", "type": "SCT.Nodule", "laterality": None}
    segment = manifest.output.segment[0].model_copy(update=changed)
    made = analysed()
    assert "Finding Site" not in _items(measurement_group(made, segment, 1, _region(made))[0])


def test_both_sides_say_nothing_of_one_region(analysed, manifest):
    segment = manifest.output.segment[0].model_copy(update={"laterality": "SCT.RightAndLeft"})
    made = analysed()
    site = _items(measurement_group(made, segment, 1, _region(made))[0])["Finding Site"]
    assert "ContentSequence" not in site
