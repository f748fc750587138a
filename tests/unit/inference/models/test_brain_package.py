"""The package of the brain that ships with the product: small, whole, and what its recipe says."""

from pathlib import Path

import numpy as np

import inference
from inference.package.golden import golden_path
from inference.package.manifest import read_manifest
from inference.pipeline.model import load_model
from inference.train.recipe.read import read_recipe
from tests.unit.inference.models.test_chest_packages import LARGEST_BYTES

HERE = Path(inference.__file__).parent
PACKAGE = HERE / "models" / "mr_brain-1.0.0"
RECIPE = HERE / "train" / "recipes" / "mr_brain"


def test_it_is_made_by_the_recipe_of_its_name():
    shipped, draft = read_manifest(PACKAGE), read_manifest(RECIPE)
    assert read_recipe(PACKAGE / "recipe.toml") == read_recipe(RECIPE / "recipe.toml")
    model = shipped.model.model_copy(update={"evaluation": {}})
    assert shipped.model_copy(update={"model": model}) == draft


def test_it_is_small_and_ready_on_this_machine():
    assert sum(path.stat().st_size for path in PACKAGE.rglob("*") if path.is_file()) < LARGEST_BYTES
    assert len(load_model(PACKAGE).digest) == 64


def test_its_golden_case_is_the_head_drawn_for_the_recipe():
    with np.load(golden_path(PACKAGE)) as golden, np.load(RECIPE / "golden.npz") as drawn:
        np.testing.assert_array_equal(golden["pixels"], drawn["pixels"])


def test_its_card_names_data_licence_and_limits_and_leaves_nothing_open():
    card = (PACKAGE / "card.md").read_text(encoding="utf-8")
    for words in ("## Data", "Apache-2.0", "SynthSeg", "## Evaluation", "## Limits", "For research"):
        assert words in card
    assert "$" not in card
