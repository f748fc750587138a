from dataclasses import replace

import pytest

from inference.confidence.confidence import Confidence
from inference.encode.wording import (
    about_box,
    about_class,
    about_rule,
    about_segment,
    amount,
    as_sentence,
    plain,
    standing_remarks,
)
from inference.measure.measured import Measured
from inference.postprocess.rules import Firing
from tests.unit.inference.encode.given import analysed_classes


def test_a_segment_is_told_in_a_sentence():
    measured = [
        Measured(segment="Liver", kind="volume", value=1512.345, unit="mL"),
        Measured(segment="Liver", kind="mean", value=54.21, unit="[hnsf'U]"),
        Measured(segment="Liver", kind="count", value=2, unit="1"),
    ]
    sure = Confidence(label="Liver", certainty=0.9731, kind="soft_dice", member_agreement=0.88)
    assert about_segment("Liver", measured, sure, "image 120") == (
        "Liver: volume 1512.3 mL, mean 54.2 HU, separate parts 2; largest in image 120; certainty 97.3 %; "
        "the members of the ensemble agree by 88.0 % (Dice)."
    )
    assert about_segment("Liver", [], None) == "Liver: found."


def test_a_class_that_is_not_found_is_not_said_to_be_absent():
    finding = analysed_classes().manifest.output.finding[0]
    assert about_class(finding, 0.876) == "Signs of a pneumothorax (probability 87.6 %, threshold 50.0 %)."
    assert about_class(finding, 0.5).startswith("Signs of")
    assert about_class(finding, 0.1) == "Pneumothorax was not found (probability 10.0 %, threshold 50.0 %)."


def test_a_box_and_a_rule_are_told():
    assert about_box("Nodule 2", 0.501) == "Nodule 2: probability 50.1 %."
    firing = Firing(rule="on_side", segment="Liver", sentence="1 part lies left", action="flag")
    assert about_rule(firing) == "Expert rule on side (Liver): 1 part lies left."


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x00b\r\nc\td", "a b c d"),
        ("Müller – ≥ 5 × 3 “q” naïve", 'Muller - >= 5 x 3 "q" naive'),
        ("back\\slash", "back/slash"),
        ("山田", "??"),
        ("  \x1b[31m ", "[31m"),
    ],
)
def test_what_others_say_breaks_no_instance(given, shown):
    assert plain(given) == shown


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(1234.56, "mm2", "1234.6 mm2"), (0.01234, "mL", "0.0123 mL"), (0, "mL", "0 mL"), (7.0, "1", "7")],
)
def test_numbers_have_the_digits_a_reader_needs(value, unit, said):
    assert amount(value, unit) == said


def test_a_reason_becomes_a_sentence():
    assert as_sentence("slices are missing") == "Slices are missing."
    assert as_sentence("Send it again.") == "Send it again."


def test_research_is_said_where_it_is():
    model = analysed_classes().manifest.model
    manifest = analysed_classes().manifest.model_copy(
        update={"model": model.model_copy(update={"research_only": False})}
    )
    assert len(list(standing_remarks(analysed_classes()))) == 2
    product = replace(analysed_classes(), manifest=manifest)
    assert list(standing_remarks(product)) == ["Made by shades 1.2.3 without human review."]
