"""The package that ships with the product is what the training program of today would write."""

from pathlib import Path

import numpy as np
import pytest

import inference
from inference.package.checksums import verify_checksums
from inference.package.envelope import read_envelope
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.preprocess import preprocess
from inference.preprocess.field import Field
from inference.train.chain import run_chain
from inference.train.phantom import chest_phantom
from inference.train.recipe.read import read_recipe

PACKAGE = Path(inference.__file__).parent / "models" / "cxr_lungs-1.1.0"
RECIPE = Path(inference.__file__).parent / "train" / "recipes" / "cxr_lungs"
LARGEST_WEIGHTS_BYTES = 8 * 1024 * 1024


def test_it_is_sealed_and_small():
    assert len(verify_checksums(PACKAGE)) == 64
    assert sum(path.stat().st_size for path in (PACKAGE / "model").rglob("*")) < LARGEST_WEIGHTS_BYTES


def test_it_says_what_the_recipe_says_and_what_training_found():
    shipped, recipe = read_manifest(PACKAGE), read_manifest(RECIPE)
    assert shipped.model.evaluation
    assert shipped.predict.temperature != 1.0
    bare = shipped.model.model_copy(update={"evaluation": {}})
    predict = shipped.predict.model_copy(update={"temperature": recipe.predict.temperature})
    assert shipped.model_copy(update={"model": bare, "predict": predict}) == recipe


def test_its_recipe_is_in_it():
    assert read_recipe(PACKAGE / "recipe.toml") == read_recipe(RECIPE / "recipe.toml")


def test_its_figures_are_good_enough_to_ship():
    evaluation = read_manifest(PACKAGE).model.evaluation
    assert evaluation["dice_mean"] >= 0.94
    assert evaluation["dice_least"] >= 0.82


@pytest.fixture(scope="module")
def golden():
    return read_golden_case(PACKAGE)


def test_it_gives_its_golden_case_on_this_machine(golden):
    manifest = read_manifest(PACKAGE)
    probabilities, labels = run_chain(
        golden.pixels, manifest, load_predictor(PACKAGE / "model", manifest.io, manifest.predict)
    )
    assert reason_not_reproduced(golden, probabilities, labels) is None


def test_its_golden_case_is_the_phantom_with_both_lungs_found(golden):
    np.testing.assert_array_equal(golden.pixels, chest_phantom())
    lungs = golden.labels[..., 0].astype(bool)
    # Two lungs of this phantom fill about a third of it, and the spine between them is none.
    assert 0.25 < lungs.mean() < 0.45
    assert lungs[300, 140]
    assert lungs[200, 380]
    assert not lungs[:, 261].any()


def test_the_phantom_lies_in_the_envelope_and_a_blank_image_does_not(golden):
    envelope = read_envelope(PACKAGE)
    assert envelope is not None
    steps = read_manifest(PACKAGE).preprocess
    for pixels, is_inside in ((golden.pixels, True), (np.zeros_like(golden.pixels), False)):
        values = np.percentile(
            preprocess(Field(values=pixels, affine=None), steps)[0].values, envelope.percentiles
        )
        inside = (envelope.lowest <= values) & (values <= envelope.highest)
        assert inside.all() == is_inside
