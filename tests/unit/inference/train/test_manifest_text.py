import tomllib

import pytest

from inference.errors import TrainingRefused
from inference.train.manifest_text import with_evaluation, with_prediction

DRAFT = "# of mine\n[model]\nname = 'a'\n\n[predict] # how\npatch = [1, 2, 3]\n\n[gate]\n"


def test_new_keys_come_into_the_table_that_is_there():
    text = with_prediction(DRAFT, {"members": 3, "temperature": 1.25})
    assert tomllib.loads(text)["predict"] == {"members": 3, "temperature": 1.25, "patch": [1, 2, 3]}
    assert text.startswith("# of mine\n")
    assert tomllib.loads(text)["gate"] == {}


def test_the_table_is_added_where_there_is_none():
    text = with_prediction("[model]\nname = 'a'\n", {"members": 3})
    assert tomllib.loads(text) == {"model": {"name": "a"}, "predict": {"members": 3}}


def test_nothing_found_leaves_every_byte():
    assert with_prediction(DRAFT, {}) == DRAFT


def test_what_is_said_the_same_already_is_left():
    text = DRAFT.replace("patch", "members = 3\npatch")
    assert with_prediction(text, {"members": 3}) == text


def test_what_is_said_otherwise_is_refused():
    with pytest.raises(
        TrainingRefused, match=r"\[predict\] members = 2, the recipe makes it 3; leave it out"
    ):
        with_prediction("[predict]\nmembers = 2\n", {"members": 3})


def test_figures_become_the_table_of_the_evaluation():
    figures = {"dice_mean": 0.9512, "images": 13}
    tables = tomllib.loads(with_evaluation(DRAFT, figures))
    assert tables["model"] == {"name": "a", "evaluation": figures}
