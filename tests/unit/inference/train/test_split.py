import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Case
from inference.train.split import Split, SplitTable, folds, split


def unread():
    raise AssertionError("a split reads no pixels")


def cases_of(count, **facts):
    """Patients in turn female and male, AP and PA; every third has a second image, which is AP."""
    return [
        Case(
            name=f"{patient:02}-{image}.png",
            patient=f"patient{patient:02}",
            facts={"sex": "fm"[patient % 2], "view": "ap" if image or patient % 4 < 2 else "pa"} | facts,
            read=unread,
        )
        for patient in range(count)
        for image in range(1 + (patient % 3 == 0))
    ]


STRATA = SplitTable(strata=("sex", "view"))


def patients(side):
    return {case.patient for case in side}


@pytest.mark.parametrize("seed", range(5))
def test_no_patient_is_on_both_sides_and_none_is_lost(seed):
    cases = cases_of(26)
    found = split(cases, STRATA, seed)
    assert not patients(found.training) & patients(found.validation)
    assert {case.name for case in (*found.training, *found.validation)} == {case.name for case in cases}
    assert 4 <= len(patients(found.validation)) <= 8


@pytest.mark.parametrize("seed", range(5))
def test_every_stratum_is_validated(seed):
    """A patient with AP and PA counts for PA, which is the rarer."""
    validated = patients(split(cases_of(26), STRATA, seed).validation)
    assert {(int(name[-2:]) % 2, int(name[-2:]) % 4 < 2) for name in validated} == {
        (0, True),
        (0, False),
        (1, True),
        (1, False),
    }


def test_a_patient_with_several_values_counts_for_the_rarest():
    """Nine patients with AP alone, one with AP and PA: it is a stratum of its own, and so validates."""
    both = [
        Case(name=f"both-{view}.png", patient="both", facts={"view": view}, read=unread)
        for view in ("ap", "pa")
    ]
    others = [Case(name=f"{k}.png", patient=f"{k}", facts={"view": "ap"}, read=unread) for k in range(9)]
    validated = patients(
        split([*both, *others], SplitTable(validation_share=0.1, strata=("view",)), 0).validation
    )
    assert "both" in validated
    assert len(validated) == 2


def test_the_split_depends_on_the_seed_alone():
    cases = cases_of(26)
    assert split(cases, STRATA, 3) == split(cases[::-1], STRATA, 3)
    assert len({tuple(case.name for case in split(cases, STRATA, seed).validation) for seed in range(5)}) > 1


def test_about_the_share_that_is_asked_for():
    found = split(cases_of(40), SplitTable(validation_share=0.5), 0)
    assert len(patients(found.validation)) == 20


def test_patients_that_the_recipe_names():
    cases = cases_of(6)
    named = split(cases, SplitTable(validation_patients=("patient01", "patient03")), 0)
    assert patients(named.validation) == {"patient01", "patient03"}
    assert patients(named.training) == {f"patient{k:02}" for k in (0, 2, 4, 5)}
    both = SplitTable(validation_patients=("patient01",), training_patients=("patient02", "patient03"))
    assert patients(split(cases, both, 0).training) == {"patient02", "patient03"}
    learnt = split(cases, SplitTable(training_patients=("patient02",)), 0)
    assert len(patients(learnt.validation)) == 5


def test_a_side_that_the_data_names():
    cases = [
        *cases_of(3, side="training"),
        *[c for c in cases_of(6, side="validation") if int(c.patient[-2:]) > 2],
    ]
    found = split(cases, SplitTable(by="side"), 0)
    assert patients(found.validation) == {"patient03", "patient04", "patient05"}


def test_a_patient_on_both_sides_is_refused_without_being_named():
    learnt = cases_of(4, side="training")
    same = Case(name="again.png", patient="patient01", facts={"side": "validation"}, read=unread)
    with pytest.raises(TrainingRefused, match=r"01-0\.png and again\.png are of one patient") as refusal:
        split([*learnt, same], SplitTable(by="side"), 0)
    assert "patient01" not in str(refusal.value)
    with pytest.raises(TrainingRefused, match="are of one patient"):
        Split(training=tuple(learnt), validation=(same,))
    with pytest.raises(TrainingRefused, match="names 1 patients both"):
        split(
            cases_of(4), SplitTable(validation_patients=("patient01",), training_patients=("patient01",)), 0
        )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (SplitTable(strata=("device",)), "has no fact 'device'"),
        (SplitTable(by="sex"), "but must be training or validation"),
        (SplitTable(validation_patients=("nobody",)), "1 patients that the data does not have"),
        (
            SplitTable(validation_patients=tuple(f"patient{k:02}" for k in range(4))),
            "leaves nothing to learn with",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(table, sentence):
    with pytest.raises(TrainingRefused, match=sentence):
        split(cases_of(4), table, 0)


def test_every_patient_validates_in_one_fold():
    cases = cases_of(14)
    found = folds(cases, 4, STRATA, 7)
    validated = [name for each in found for name in patients(each.validation)]
    assert sorted(validated) == sorted(patients(cases))
    assert np.ptp([len(patients(each.validation)) for each in found]) <= 1
    assert found == folds(cases[::-1], 4, STRATA, 7)
    with pytest.raises(TrainingRefused, match="14 patients do not make 15 folds"):
        folds(cases, 15, STRATA, 7)
