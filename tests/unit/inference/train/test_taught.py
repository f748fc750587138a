import pytest

from inference.package.manifest import read_manifest
from inference.train.case import Case
from inference.train.ensemble import Member
from inference.train.recipe.read import read_recipe
from inference.train.split import Split
from inference.train.taught import training_key
from tests.unit.inference.train.small_training import MODEL, RECIPE, write_recipe

CASES = [Case(name=f"{k}", patient=f"p{k}", facts={}, read=lambda: None) for k in range(4)]


def key(tmp_path, *, seed=0, first=2, **changes):
    path = write_recipe(tmp_path / "recipe", **changes)
    sides = Split(training=tuple(CASES[:first]), validation=tuple(CASES[first:]))
    member = Member(number=0, seed=seed, split=sides)
    return training_key(read_recipe(path), read_manifest(path.parent), member)


def test_the_same_training_has_the_same_key(tmp_path):
    assert key(tmp_path) == key(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"first": 3},
        {"recipe": RECIPE.replace("epochs = 2", "epochs = 3")},
        {"recipe": RECIPE.replace("base = 2", "base = 3")},
        {"more": '\n[[augment]]\nstep = "flip"\n'},
        {"model": MODEL.replace('step = "min_max"', 'step = "rescale"')},
        {"model": MODEL.replace("channel = 1", "channel = 2")},
    ],
)
def test_another_training_has_another_key(tmp_path, change):
    assert key(tmp_path) != key(tmp_path, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"more": "\n[calibrate]\n"},
        {"more": '\n[golden]\nsource = "drawn_chest"\n'},
        {"recipe": RECIPE.replace("resamples = 100", "resamples = 500")},
        {"model": MODEL.replace("Tests of this software", "Other words")},
    ],
)
def test_what_comes_after_the_training_may_change(tmp_path, change):
    assert key(tmp_path) == key(tmp_path, **change)
