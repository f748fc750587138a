from pathlib import Path

import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.package.steps import Clip, MinMax
from inference.train.recipe.read import read_recipe
from inference.train.split import Split
from inference.train.synthesis.material import VALIDATION_DRAWS, drawn_material, grid_of, normalisation_of
from tests.unit.inference.train.synthesis.given import SEGMENTS, case, head

BRAIN = Path("inference/train/recipes/mr_brain")
SPLIT = Split(training=(case(name="a"), case(name="b")), validation=(case(name="c"),))


def manifest(**predict):
    found = read_manifest(BRAIN)
    small = found.predict.model_copy(update={"patch": (16, 16, 16)} | predict)
    return found.model_copy(update={"predict": small})


def recipe(**changes):
    found = read_recipe(BRAIN / "recipe.toml")
    segments = tuple(type(found.data.segment[0])(labels=labels) for labels in SEGMENTS)
    data = found.data.model_copy(update={"segment": segments})
    sampling = found.sampling.model_copy(update={"batch": 2})
    return found.model_copy(update={"data": data, "sampling": sampling} | changes)


def without(steps, kind):
    return manifest().model_copy(update={"preprocess": [each for each in steps if each.step != kind]})


def test_batches_are_windows_on_the_networks_grid():
    batch = next(drawn_material(recipe(), manifest(), SPLIT).draw(1, 0))
    assert batch.images.shape == (2, 16, 16, 16, 1)
    assert batch.truths[0].segments.shape == (16, 16, 16, 2)
    assert 0 <= batch.images.min() < batch.images.max() <= 1


def test_seed_and_epoch_decide_the_draws():
    found = drawn_material(recipe(), manifest(), SPLIT)
    first, again, later = (next(found.draw(1, epoch)).images for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, later)


def test_the_same_volume_gives_another_image_each_time():
    found = drawn_material(recipe(), manifest(), SPLIT)
    drawn = found.draw(1, 0)
    images = [image for _ in range(4) for image in next(drawn).images]
    assert len({image.tobytes() for image in images}) == 8


def test_validation_is_drawn_from_its_own_volumes_and_stays():
    seen = [drawn_material(recipe(), manifest(), SPLIT).validation for _ in range(2)]
    assert len(seen[0]) == VALIDATION_DRAWS * 1
    for first, second in zip(*seen, strict=True):
        np.testing.assert_array_equal(first.values, second.values)
    assert not np.array_equal(seen[0][0].values, seen[0][1].values)


def test_shape_is_the_window_of_serving():
    assert drawn_material(recipe(), manifest(), SPLIT).shape == (16, 16, 16)


def test_grid_and_greys_are_those_of_serving():
    grid = grid_of(manifest())
    assert grid.spacing_mm == (2.0, 2.0, 2.0)
    step = normalisation_of(manifest())
    assert (step.step, step.lower_percentile, step.upper_percentile) == ("min_max", 0.5, 99.5)


@pytest.mark.parametrize("steps", [[], [MinMax(step="min_max"), Clip(step="clip", at_most=0.5)]])
def test_other_greys_than_min_max_alone_are_refused(steps):
    kept = [step for step in manifest().preprocess if step.step != "min_max"]
    with pytest.raises(TrainingRefused, match="min_max as the only"):
        normalisation_of(manifest().model_copy(update={"preprocess": [*kept, *steps]}))


@pytest.mark.parametrize(("kind", "words"), [("orient", "orient to"), ("resample", "needs one .* resample")])
def test_manifest_that_says_no_grid_is_refused(kind, words):
    with pytest.raises(TrainingRefused, match=words):
        grid_of(without(manifest().preprocess, kind))


def test_manifest_without_a_window_is_refused():
    with pytest.raises(TrainingRefused, match=r"\[predict\] patch"):
        grid_of(manifest(patch=None))


def test_resample_of_one_axis_alone_is_refused():
    steps = [
        step.model_copy(update={"between_rows_mm": None}) if step.step == "resample" else step
        for step in manifest().preprocess
    ]
    with pytest.raises(TrainingRefused, match="all three distances"):
        grid_of(manifest().model_copy(update={"preprocess": steps}))


def test_recipe_without_synthesis_is_refused():
    with pytest.raises(TrainingRefused, match="go together"):
        drawn_material(recipe(synthesis=None), manifest(), SPLIT)


def test_augmentation_beside_synthesis_is_refused():
    with pytest.raises(TrainingRefused, match="leave one of them out"):
        drawn_material(recipe(augment=(object(),)), manifest(), SPLIT)


def test_volume_without_the_labels_is_refused_by_its_name():
    empty = head()
    empty.values[:] = 0
    split = Split(training=(case(empty, "a"),), validation=(case(name="c"),))
    with pytest.raises(TrainingRefused, match="a has none of the labels"):
        drawn_material(recipe(), manifest(), split)


def with_segments(*labels):
    found = recipe()
    segments = tuple(type(found.data.segment[0])(labels=each) for each in labels)
    return recipe(data=found.data.model_copy(update={"segment": segments}))


def test_a_segment_of_which_no_training_volume_has_a_voxel_is_refused():
    with pytest.raises(TrainingRefused, match=r"anything of \[\[data\.segment\]\] 3 \(labels = \[9999\]\);"):
        drawn_material(with_segments(*SEGMENTS, (9999,)), manifest(), SPLIT)


def test_a_segment_that_some_training_volume_has_will_do():
    without = head()
    without.values[without.values == 4] = 41
    some = Split(training=(case(without, "a"), case(name="b")), validation=SPLIT.validation)
    assert drawn_material(recipe(), manifest(), some).shape == (16, 16, 16)
    none = Split(training=(case(without, "a"),), validation=SPLIT.validation)
    with pytest.raises(TrainingRefused, match=r"\(labels = \[4\]\)"):
        drawn_material(recipe(), manifest(), none)
