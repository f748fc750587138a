from pathlib import Path
from types import SimpleNamespace

import pytest

from inference.errors import TrainingRefused
from inference.train.sources.files import facts_of, require_files, require_own_patient

TABLE = SimpleNamespace(image="image", patient="patient", facts=("sex", "device"))


def test_files_that_are_named_must_be_there(tmp_path):
    there = tmp_path / "there.png"
    there.touch()
    require_files([there], Path("labels.csv"))
    with pytest.raises(TrainingRefused, match=r"labels.csv names files that are not there: .*gone.png"):
        require_files([there, tmp_path / "gone.png"], Path("labels.csv"))


def test_of_many_that_are_missing_some_are_named_and_the_rest_counted(tmp_path):
    with pytest.raises(TrainingRefused, match="and 3 more"):
        require_files([tmp_path / f"{k}.png" for k in range(8)], Path("labels.csv"))


def test_an_image_is_of_one_patient():
    rows = [{"image": "a.png", "patient": patient, "sex": "F", "device": "x"} for patient in ("1", "1")]
    require_own_patient(rows, TABLE, Path("labels.csv"))
    rows[1]["patient"] = "2"
    with pytest.raises(TrainingRefused, match=r"a.png is of two patients; correct its column patient"):
        require_own_patient(rows, TABLE, Path("labels.csv"))


def test_what_a_row_does_not_say_is_an_empty_text():
    assert facts_of({"image": "a.png", "sex": "F"}, TABLE) == {"sex": "F", "device": ""}
