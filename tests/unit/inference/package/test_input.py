from inference.package.declared import Range
from inference.package.input import Input, unknown_keywords


def test_rules_are_lists_and_limits():
    wanted = Input.model_validate({"each": "series", "Modality": ["CT"], "PixelSpacing": {"at_most": 1.5}})
    assert wanted.rules == {"Modality": ["CT"], "PixelSpacing": Range(at_most=1.5)}


def test_what_to_do_with_many_or_none_has_a_default():
    wanted = Input(each="instance")
    assert (wanted.on_many, wanted.on_none, wanted.rules) == ("all", "ignore", {})


def test_a_keyword_that_dicom_does_not_know_is_told_with_the_nearest():
    assert unknown_keywords(["each", "Modality", "Modalty", "on_mny"]) == {
        "Modalty": "is no DICOM keyword; did you mean 'Modality'?",
        "on_mny": "is no DICOM keyword; did you mean 'on_many'?",
    }
