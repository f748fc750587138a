import json
from pathlib import Path

import pytest

from inference.train.data import Example, read_labels, split_by_patient


def examples_of(count):
    """Patients in turn female and male, AP and PA; every third has a second image."""
    return [
        Example(
            image=Path(f"{patient:02}-{image}.png"),
            mask=Path(f"{patient:02}-{image}.png"),
            patient_id=f"patient{patient:02}",
            projection="pa" if patient % 4 < 2 else "ap",
            sex="f" if patient % 2 else "m",
        )
        for patient in range(count)
        for image in range(1 + (patient % 3 == 0))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_no_patient_is_on_both_sides_and_none_is_lost(seed):
    examples = examples_of(26)
    split = split_by_patient(examples, seed)
    training, validation = ({e.patient_id for e in side} for side in (split.training, split.validation))
    assert not training & validation
    assert set(split.training) | set(split.validation) == set(examples)
    assert 4 <= len(validation) <= 8


@pytest.mark.parametrize("seed", range(5))
def test_both_sexes_and_both_projections_are_validated(seed):
    kinds = {(e.sex, e.projection) for e in split_by_patient(examples_of(26), seed).validation}
    assert kinds == {("f", "ap"), ("f", "pa"), ("m", "ap"), ("m", "pa")}


def test_split_depends_on_the_seed_alone():
    examples = examples_of(26)
    assert split_by_patient(examples, 3) == split_by_patient(examples[::-1], 3)
    assert len({split_by_patient(examples, seed).validation for seed in range(5)}) > 1


def entry(**changes):
    return {
        "image": "a.png",
        "lung_mask": "b.png",
        "patient_id": "p",
        "projection": "ap",
        "sex": "f",
        **changes,
    }


def test_entries_without_a_mask_are_no_examples(tmp_path):
    unmasked = entry(image="c.png")
    del unmasked["lung_mask"]
    (tmp_path / "labels.json").write_text(json.dumps([entry(), unmasked]))
    for name in ("images/a.png", "lung_masks/b.png"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    (example,) = read_labels(tmp_path)
    assert example.image == tmp_path / "images" / "a.png"
    assert example.mask == tmp_path / "lung_masks" / "b.png"


def test_missing_mask_is_named(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").touch()
    (tmp_path / "labels.json").write_text(json.dumps([entry()]))
    with pytest.raises(FileNotFoundError, match=r"b\.png"):
        read_labels(tmp_path)
