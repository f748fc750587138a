import pytest
from pydicom.dataset import Dataset

from inference.gate.facts import attributes_of, reasons_unfit
from inference.package.input import Input

WANTED = Input.model_validate(
    {
        "each": "series",
        "Modality": ["CT"],
        "BodyPartExamined": ["CHEST", ""],
        "SliceThickness": {"at_most": 5},
    }
)


def _header(**attributes):
    header = Dataset()
    header.Modality, header.SliceThickness = "CT", "2.5"
    header.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    for keyword, value in attributes.items():
        setattr(header, keyword, value)
    return header


def test_what_fits_gives_no_reason():
    assert reasons_unfit([_header(), _header(BodyPartExamined="CHEST")], WANTED) == ()


def test_every_rule_broken_is_told():
    assert reasons_unfit([_header(Modality="MR", SliceThickness="8")], WANTED) == (
        "Modality is MR, but must be CT",
        "SliceThickness is 8, but must be at most 5",
    )


def test_one_instance_in_the_series_that_differs_is_counted():
    headers = [_header(), _header(SliceThickness="8"), _header()]
    assert reasons_unfit(headers, WANTED) == (
        "SliceThickness is 8, but must be at most 5 (1 of 3 instances)",
    )


def test_what_a_volume_keeps_of_its_first_slice_only_is_asked_of_that_alone():
    rest = Dataset()
    rest.Modality, rest.SliceThickness = "CT", "2.5"
    wanted = Input.model_validate({"each": "series", "PatientSex": ["F"], "BodyPartExamined": ["CHEST"]})
    fits = _header(PatientSex="F", BodyPartExamined="CHEST")
    assert reasons_unfit([fits, rest, rest], wanted) == ()
    assert reasons_unfit([_header(PatientSex="F", BodyPartExamined="KNEE"), rest], wanted) == (
        "BodyPartExamined is KNEE, but must be CHEST",
    )


def test_a_localizer_is_refused():
    scout = _header(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    assert "localizer (scout)" in reasons_unfit([scout], WANTED)[0]


def test_a_model_for_localizers_may_ask_for_them():
    wanted = Input.model_validate({"each": "instance", "ImageType": ["LOCALIZER"]})
    assert reasons_unfit([_header(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])], wanted) == ()


@pytest.mark.parametrize("groups", ["SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"])
def test_an_enhanced_instance_says_it_in_its_functional_groups(groups):
    measures, group, header = Dataset(), Dataset(), Dataset()
    measures.SliceThickness = "8"
    group.PixelMeasuresSequence = [measures]
    setattr(header, groups, [group])
    assert attributes_of(header, ["SliceThickness", "Modality"]) == {"SliceThickness": ["8"], "Modality": []}


def test_nothing_of_the_patient_is_told():
    wanted = Input.model_validate({"each": "instance", "PatientSex": ["F"]})
    assert reasons_unfit([_header(PatientSex="M")], wanted) == (
        "PatientSex is not what the model was made for",
    )
