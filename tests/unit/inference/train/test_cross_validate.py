"""On images that say their class by being bright or dark, of six patients."""

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.preprocess.field import Field
from inference.train import cross_validate as room
from inference.train.case import Case, Class, Labelled
from inference.train.cross_validate import cross_validate
from inference.train.evaluate.summary import summarise
from inference.train.recipe.read import read_recipe

RECIPE = """
[recipe]
name = "shade"
seed = 3

[data]
kind = "images_and_table"
label = "shade"
classes = ["dark", "bright"]

[network]
kind = "cnn"

[fit]
epochs = 3
steps = 10

[sampling]
batch = 4

[evaluate]
resamples = 100
"""
MODEL = """
[model]
name = "shade"
version = "1.0.0"
task = "classification"
research_only = true
intended_use = "none"
licence = "none"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "a test"

[input]
each = "instance"

[[preprocess]]
step = "resize"
rows = 24
columns = 24

[io]
input = "image"
input_rank = 4
output = "probabilities"
output_rank = 2

[predict]
activation = "softmax"

[[output.finding]]
label = "Bright"
channel = 1
concept = "SCT.Lung"
threshold = 0.5
positive = "bright"
"""


@pytest.fixture
def given(tmp_path):
    (tmp_path / "recipe.toml").write_text(RECIPE)
    (tmp_path / "model.toml").write_text(MODEL)
    return read_recipe(tmp_path / "recipe.toml"), read_manifest(tmp_path), tmp_path


def cases():
    rng = np.random.default_rng(0)
    return [_case(f"p{number // 2}", number % 2, rng) for number in range(12)]


def _case(patient, kind, rng):
    values = (rng.normal(0.2 + 0.6 * kind, 0.05, (30, 40))).astype(np.float32)
    truth = Class(shares=np.eye(2, dtype=np.float32)[kind])
    labelled = Labelled(field=Field(values=values, affine=None), truth=truth)
    return Case(name=f"{patient}-{kind}.png", patient=patient, facts={}, read=lambda: labelled)


def test_every_patient_is_judged_once_by_a_network_that_has_not_seen_them(given, monkeypatch):
    recipe, manifest, folder = given
    learnt_from = []

    def teach(recipe, manifest, beside, member, found, rough):
        learnt_from.append({case.patient for case in member.split.training})
        assert (recipe.fit.epochs, recipe.fit.steps) == (1, 30)  # all steps, and no epoch to choose
        assert len(found.validation) == len(member.split.validation)
        return teach_really(recipe, manifest, beside, member, found, rough)

    teach_really = room.teach
    monkeypatch.setattr(room, "teach", teach)
    seen = cross_validate(recipe, manifest, cases(), count=3, seed=0, beside=folder)
    assert sorted(each.patient for each in seen) == sorted(case.patient for case in cases())
    # Four cases a fold, in the folds' order.
    for number, known in enumerate(learnt_from):
        assert not known & {each.patient for each in seen[4 * number : 4 * number + 4]}
    figures = summarise(seen, manifest, recipe.evaluate).figures
    assert (figures["validation_images"], figures["bright_auroc"]) == (12, 1.0)


def test_folds_follow_from_the_recipe_and_not_from_the_seed_of_a_run(given):
    recipe, manifest, folder = given
    orders = [
        [
            each.patient
            for each in cross_validate(recipe, manifest, cases(), count=2, seed=seed, beside=folder)
        ]
        for seed in (0, 1)
    ]
    assert orders[0] == orders[1]


def test_more_folds_than_patients_are_refused(given):
    recipe, manifest, folder = given
    with pytest.raises(TrainingRefused, match="6 patients do not make 7 folds"):
        cross_validate(recipe, manifest, cases(), count=7, seed=0, beside=folder)
