import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.train.material import material
from inference.train.recipe.read import read_recipe
from inference.train.sources import read_cases
from inference.train.split import split
from tests.unit.inference.train.small_training import MODEL, write_data, write_recipe


def found(tmp_path, *, more="", model=MODEL):
    path = write_recipe(tmp_path / "recipe", more=more, model=model)
    recipe, manifest = read_recipe(path), read_manifest(path.parent)
    cases = read_cases(recipe.data, write_data(tmp_path / "data", patients=5))
    return material(recipe, manifest, split(cases, recipe.split, 0)), manifest


def test_both_sides_are_prepared_as_for_serving(tmp_path):
    made, manifest = found(tmp_path)
    assert made.shape == (32, 32)
    (example, *_) = made.validation
    assert example.values.shape == (32, 32)
    assert 0 <= example.values.min() < example.values.max() <= 1  # min_max of the manifest
    assert example.truth.segments.shape == (32, 32, len(manifest.output.segment))


def test_batches_are_the_same_for_the_same_seed_and_epoch_and_no_other(tmp_path):
    made, _ = found(tmp_path)
    images = []
    for seed, epoch in ((1, 2), (1, 2), (2, 2), (1, 3)):
        drawn = made.draw(seed, epoch)
        images.append(next(drawn).images)
        drawn.close()
    np.testing.assert_array_equal(images[0], images[1])
    assert all(not np.array_equal(images[0], other) for other in images[2:])


def test_patches_are_of_the_networks_size(tmp_path):
    with pytest.raises(TrainingRefused, match=r"size is 16 x 16, but model.toml's \[predict\] patch 32 x 32"):
        found(tmp_path, more="\n[sampling.patches]\nsize = [16, 16]\n")


def test_inputs_of_several_sizes_are_told(tmp_path):
    model = MODEL.replace(
        'step = "resize"\nrows = 32\ncolumns = 32', 'step = "pad"\nto = "multiple"\nmultiple = 4'
    )
    made, _ = found(tmp_path / "same", model=model)
    assert made.shape == (96, 96)
    patch = MODEL.replace("[[postprocess]]", "[predict]\npatch = [1, 16, 16]\n\n[[postprocess]]", 1)
    with pytest.raises(
        TrainingRefused, match=r"inputs are of 32 x 32 and of 16 x 16; .* learn from \[sampling.patches\]"
    ):
        found(tmp_path / "other", model=patch)
