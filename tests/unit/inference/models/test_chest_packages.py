"""The packages of lungs and of projections that ship with the product: small, whole, and what their recipes say."""

from pathlib import Path

import numpy as np
import pytest

import inference
from inference.package.golden import golden_path
from inference.package.manifest import read_manifest
from inference.pipeline.model import load_model
from inference.train.phantom import chest_phantom
from inference.train.recipe.read import read_recipe

HERE = Path(inference.__file__).parent
LARGEST_BYTES = 8_000_000
NAMES = ("cxr_lung_boxes", "cxr_lung_masks", "cxr_projection")


def package(name):
    return HERE / "models" / f"{name}-1.0.0"


def recipe(name):
    return HERE / "train" / "recipes" / name


@pytest.mark.parametrize("name", NAMES)
def test_it_is_made_by_the_recipe_of_its_name(name):
    shipped, draft = read_manifest(package(name)), read_manifest(recipe(name))
    assert read_recipe(package(name) / "recipe.toml") == read_recipe(recipe(name) / "recipe.toml")
    # What training adds: the figures of the evaluation, and the temperature.
    model = shipped.model.model_copy(update={"evaluation": {}})
    predict = shipped.predict.model_copy(update={"temperature": draft.predict.temperature})
    assert shipped.model_copy(update={"model": model, "predict": predict}) == draft


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_ready_on_this_machine(name):
    assert sum(path.stat().st_size for path in package(name).rglob("*")) < LARGEST_BYTES
    assert len(load_model(package(name)).digest) == 64


@pytest.mark.parametrize("name", NAMES)
def test_no_patients_image_travels_with_it(name):
    with np.load(golden_path(package(name))) as golden:
        np.testing.assert_array_equal(golden["pixels"], chest_phantom())


@pytest.mark.parametrize("name", NAMES)
def test_its_card_names_data_licence_and_limits_and_leaves_nothing_open(name):
    card = (package(name) / "card.md").read_text(encoding="utf-8")
    for words in ("## Data", "CC BY 3.0", "Hannover", "## Evaluation", "## Limits", "For research"):
        assert words in card
    assert "$" not in card


def test_figures_are_good_enough_to_ship():
    assert read_manifest(package("cxr_lung_boxes")).model.evaluation["recall"] >= 0.93
    masks = read_manifest(package("cxr_lung_masks")).model.evaluation
    assert masks["recall"] >= 0.93 and masks["mask_dice_mean"] >= 0.9


def test_the_card_of_the_projection_gives_the_figure_of_all_patients_and_not_only_the_kind_one():
    """Ten validation patients, told apart without a mistake, are too few to go by."""
    assert read_manifest(package("cxr_projection")).model.evaluation["pa_auroc"] == 1.0
    card = (package("cxr_projection") / "card.md").read_text(encoding="utf-8")
    assert "0.934" in card


@pytest.mark.parametrize("name", ["cxr_lung_boxes", "cxr_lung_masks"])
def test_the_phantoms_lungs_are_found_on_their_sides(name):
    with np.load(golden_path(package(name))) as golden:
        found = dict(zip(golden["classes"].tolist(), golden["boxes"].tolist(), strict=True))
    middle = chest_phantom().shape[1] / 2
    assert set(found) == {0, 1}
    # The patient's right lung, class 0, hangs on the image's left.
    assert (found[0][1] + found[0][3]) / 2 < middle < (found[1][1] + found[1][3]) / 2
