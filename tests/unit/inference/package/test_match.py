import pytest

from inference.package.declared import Range
from inference.package.match import reasons_to_decline

RULES = {
    "Modality": ["CR", "DX"],
    "BodyPartExamined": ["CHEST", ""],
    "SliceThickness": Range(at_least=0.5, at_most=3),
}
FITS = {"Modality": ["CR"], "BodyPartExamined": ["CHEST"], "SliceThickness": ["1.25"]}


def reason_to_decline(rules, attributes):
    return next(reasons_to_decline(rules, attributes), None)


def test_every_rule_not_met_is_told():
    assert len(list(reasons_to_decline(RULES, FITS | {"Modality": ["MR"], "SliceThickness": ["9"]}))) == 2


@pytest.mark.parametrize(
    ("age", "fits"), [("018Y", True), ("017Y", False), ("216M", True), ("900D", False), ("18", True)]
)
def test_an_age_is_compared_in_years(age, fits):
    assert (reason_to_decline({"PatientAge": Range(at_least=18)}, {"PatientAge": [age]}) is None) == fits


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Modality": ["DX"]},
        {"BodyPartExamined": []},
        {"SliceThickness": ["0.5"]},
        {"SliceThickness": ["3"]},
        {"SliceThickness": ["1", "2.5"]},
        {"Modality": ["MR", "CR"]},
    ],
)
def test_what_meets_all_rules_is_not_declined(changes):
    assert reason_to_decline(RULES, FITS | changes) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Modality": ["MR"]}, "Modality is MR, but must be one of CR, DX"),
        ({"Modality": []}, "Modality is absent, but must be one of CR, DX"),
        ({"Modality": ["cr"]}, "Modality is cr, but must be one of CR, DX"),
        ({"BodyPartExamined": ["KNEE"]}, "BodyPartExamined is KNEE, but must be one of CHEST, absent"),
        ({"SliceThickness": ["5"]}, "SliceThickness is 5, but must be at most 3"),
        ({"SliceThickness": ["0.4"]}, "SliceThickness is 0.4, but must be at least 0.5"),
        ({"SliceThickness": ["1", "9"]}, "SliceThickness is 9, but must be at most 3"),
        ({"SliceThickness": []}, "SliceThickness is absent, but has limits"),
        ({"SliceThickness": ["thin"]}, "SliceThickness is not a number, but has limits"),
        ({"Modality": ["MR", "PR"]}, "Modality is MR / PR, but must be one of CR, DX"),
    ],
)
def test_the_first_rule_not_met_is_the_reason(changes, reason):
    assert reason_to_decline(RULES, FITS | changes) == reason


def test_an_attribute_nobody_read_is_absent():
    assert reason_to_decline({"Modality": ["CR"]}, {}) == "Modality is absent, but must be CR"


def test_without_rules_everything_fits():
    assert reason_to_decline({}, {}) is None


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_finite_number_lies_outside_limits(value):
    limits = {"SliceThickness": Range(at_least=0.5, at_most=3)}
    assert reason_to_decline(limits, {"SliceThickness": [value]}) is not None


@pytest.mark.parametrize(
    "keyword",
    [
        "PatientSex",  # of group 0010, whatever its representation
        "PatientAge",
        "PatientID",
        "PatientName",
        "PatientWeight",
        "EthnicGroup",
        "StudyDescription",  # of any group, but somebody may have typed a patient's name into it
        "SeriesDescription",
        "ProtocolName",
        "ReferringPhysicianName",
        "AccessionNumber",
        "InstitutionName",
        "StudyDate",
    ],
)
@pytest.mark.parametrize("rule", [["X"], Range(at_least=1000.0)])
@pytest.mark.parametrize("values", [["SECRET"], ["42"], []])
def test_names_texts_dates_and_all_of_the_patient_group_appear_in_no_reason(keyword, rule, values):
    reason = reason_to_decline({keyword: rule}, {keyword: values})
    assert reason == f"{keyword} is not what the model was made for"


@pytest.mark.parametrize(
    ("keyword", "value", "reason"),
    [
        ("Modality", "MR", "Modality is MR, but must be X"),
        ("ViewPosition", "LL", "ViewPosition is LL, but must be X"),
        ("SOPClassUID", "1.2.840", "SOPClassUID is 1.2.840, but must be X"),
        ("BitsStored", "4", "BitsStored is 4, but must be X"),
        ("KVP", "120", "KVP is 120, but must be X"),
    ],
)
def test_codes_uids_and_numbers_are_told(keyword, value, reason):
    assert reason_to_decline({keyword: ["X"]}, {keyword: [value]}) == reason


def test_the_value_of_an_attribute_the_dictionary_does_not_know_is_not_told():
    reason = reason_to_decline({"NoKeyword": ["X"]}, {"NoKeyword": ["SECRET"]})
    assert reason == "NoKeyword is not what the model was made for"
