import shutil
from pathlib import Path

import pytest

import inference
from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.train.networks import require_task
from inference.train.recipe.read import LARGEST_RECIPE_BYTES, read_recipe

RECIPES = sorted((Path(inference.__file__).parent / "train" / "recipes").glob("*/recipe.toml"))
SMALL = """
[recipe]
name = "small"

[data]
kind = "images_and_masks"

[[data.segment]]

[network]
kind = "unet"
"""


def mistakes(tmp_path, text):
    (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingRefused) as refusal:
        read_recipe(tmp_path / "recipe.toml")
    return str(refusal.value)


def test_a_recipe_needs_a_name_data_and_a_network(tmp_path):
    (tmp_path / "recipe.toml").write_text(SMALL)
    recipe = read_recipe(tmp_path / "recipe.toml")
    assert recipe.loss.kind == "cross_entropy"
    assert (recipe.ensemble, recipe.calibrate, recipe.synthesis) == (None, None, None)
    told = mistakes(tmp_path, "")
    assert {"[recipe] is missing", "[data] is missing", "[network] is missing"} <= {
        line.strip() for line in told.splitlines()
    }


def test_an_unknown_key_is_told_with_its_line_and_what_was_meant(tmp_path):
    told = mistakes(tmp_path, SMALL + "\n[fit]\nepoch = 3\n")
    assert "line 14: [fit.epoch] is no key here; known are averaging, " in told
    assert "did you mean 'epochs'?" in told


def test_an_unknown_table_is_told(tmp_path):
    assert "did you mean 'ensemble'?" in mistakes(tmp_path, SMALL + "[ensembel]\nfolds = 3\n")


def test_an_unknown_kind_is_told_with_those_there_are(tmp_path):
    told = mistakes(tmp_path, SMALL.replace('"unet"', '"umet"'))
    assert "line 11: [network.kind] is 'umet', but must be " in told
    assert "did you mean 'unet'?" in told


def test_single_brackets_of_a_step_are_told_with_what_to_write(tmp_path):
    told = mistakes(tmp_path, SMALL + '\n[augment]\nstep = "flip"\n')
    assert "line 13: [augment] is one table, but there may be several; write [[augment]] over each" in told


def test_all_mistakes_are_told_together_in_the_order_of_their_lines(tmp_path):
    text = SMALL.replace('name = "small"', 'name = "Not Small"') + "\n[fit]\nsteps = 0\n"
    lines = [line.strip() for line in mistakes(tmp_path, text).splitlines()]
    assert [line.split(":")[0] for line in lines[1:]] == ["line 3", "line 14"]


@pytest.mark.parametrize("text", ["[recipe", "a = 1\na = 2"])
def test_what_is_not_toml_is_told(tmp_path, text):
    assert "is not TOML" in mistakes(tmp_path, text)


def test_what_cannot_be_read_is_told(tmp_path):
    with pytest.raises(TrainingRefused, match="cannot be read: No such file"):
        read_recipe(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xff")
    with pytest.raises(TrainingRefused, match="is not TOML"):
        read_recipe(tmp_path / "latin.toml")
    assert "it is no recipe" in mistakes(tmp_path, "#" * (LARGEST_RECIPE_BYTES + 1))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.parent.name)
def test_every_recipe_that_ships_is_whole(path, tmp_path):
    """Beside it lies a manifest of its task, and a card whose dollar signs are placeholders."""
    recipe, manifest = read_recipe(path), read_manifest(path.parent)
    assert recipe.recipe.name == manifest.model.name == path.parent.name
    require_task(recipe.network, manifest)
    assert (path.parent / "card.md").is_file()
    assert not manifest.model.evaluation
    shutil.copyfile(path, tmp_path / "recipe.toml")
    assert read_recipe(tmp_path / "recipe.toml") == recipe
