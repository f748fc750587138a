import pytest

from inference.errors import TrainingRefused
from inference.train.case import Case
from inference.train.ensemble import members, require_ensemble
from inference.train.recipe.read import read_recipe
from inference.train.split import Split
from tests.unit.inference.train.small_training import write_recipe

CASES = [Case(name=f"{k}", patient=f"p{k}", facts={}, read=lambda: None) for k in range(9)]
SIDES = Split(training=tuple(CASES[:6]), validation=tuple(CASES[6:]))


def recipe(tmp_path, more=""):
    return read_recipe(write_recipe(tmp_path / "recipe", more=more))


def test_without_the_table_there_is_one_member_with_the_recipes_seed(tmp_path):
    (only,) = members(recipe(tmp_path), SIDES)
    assert (only.number, only.seed, only.split) == (0, 1, SIDES)


def test_each_seed_is_a_member_on_the_same_split(tmp_path):
    made = members(recipe(tmp_path, "\n[ensemble]\nseeds = [4, 2]\n"), SIDES)
    assert [(each.number, each.seed) for each in made] == [(0, 4), (1, 2)]
    assert all(each.split is SIDES for each in made)


def test_in_folds_every_training_patient_is_left_out_once_and_no_validation_patient_is_seen(tmp_path):
    made = members(recipe(tmp_path, "\n[ensemble]\nfolds = 3\n"), SIDES)
    left_out = [case.patient for each in made for case in each.split.validation]
    assert sorted(left_out) == sorted(case.patient for case in SIDES.training)
    kept = {case.patient for case in SIDES.validation}
    for each in made:
        assert not kept & {case.patient for case in (*each.split.training, *each.split.validation)}
    assert len({each.seed for each in made}) == 3


@pytest.mark.parametrize(
    ("more", "sentence"),
    [("\n[ensemble]\nfolds = 3\n", "boxes have no mean"), ("\n[calibrate]\n", r"\[calibrate\] is for")],
)
def test_of_boxes_there_is_no_ensemble_and_no_calibration(tmp_path, manifest, more, sentence):
    model = manifest.model.model_copy(update={"task": "detection"})
    asked = recipe(tmp_path, more)
    require_ensemble(asked, manifest)
    with pytest.raises(TrainingRefused, match=sentence):
        require_ensemble(asked, manifest.model_copy(update={"model": model}))
