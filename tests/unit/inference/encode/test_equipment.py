from inference.encode.clock import stamp
from inference.encode.equipment import algorithm_identification, contributing_equipment, equipment


def test_the_equipment_is_the_model_and_its_digest(analysed):
    made_by = equipment(analysed())
    assert made_by["manufacturer_model_name"] == "shades"
    assert made_by["device_serial_number"] == "ab" * 32
    assert made_by["software_versions"][0] == "1.2.3"


def test_the_contribution_has_its_time(analysed):
    item = contributing_equipment(analysed(), stamp(analysed().now, analysed().header))
    assert item.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Processing Equipment"
    assert str(item.ContributionDateTime).startswith("2026")


def test_the_algorithm_is_named_with_its_digest(analysed):
    item = algorithm_identification(analysed())[0]
    assert (item.AlgorithmName, item.AlgorithmVersion) == ("shades", "1.2.3")
    assert item.AlgorithmFamilyCodeSequence[0].CodeValue == "123110"
    assert item.AlgorithmParameters == f"sha256={'ab' * 32}"
