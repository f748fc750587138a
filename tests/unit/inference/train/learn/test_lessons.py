import pytest

from inference.errors import TrainingRefused
from inference.train.learn.lessons import lesson_for
from inference.train.learn.segmentation import SegmentationLesson
from inference.train.recipe.read import read_recipe
from tests.unit.inference.train.small_training import RECIPE, write_recipe


def made(tmp_path, manifest, **changes):
    path = write_recipe(tmp_path / "recipe", **changes)
    return lesson_for(read_recipe(path), manifest, (32, 32), path.parent)


def test_the_task_decides_the_lesson(tmp_path, manifest):
    lesson = made(tmp_path, manifest)
    assert isinstance(lesson, SegmentationLesson)
    assert lesson.network.inputs[0].shape == (None, 32, 32, 1)


def test_the_network_begins_as_the_recipe_says(tmp_path, manifest):
    first = made(tmp_path, manifest)
    first.network.save_weights(tmp_path / "recipe" / "first.weights.h5")
    start = '\n[network.start]\nweights = "first.weights.h5"\nfreeze = ["probabilities"]\n'
    second = made(tmp_path, manifest, recipe=RECIPE.replace("depth = 2\n", "depth = 2\n" + start))
    assert (second.network.get_weights()[0] == first.network.get_weights()[0]).all()
    assert not second.network.get_layer("probabilities").trainable


def test_a_network_for_another_task_is_told(tmp_path, manifest):
    with pytest.raises(TrainingRefused, match="is for classification"):
        made(tmp_path, manifest, recipe=RECIPE.replace('"unet"\nbase = 2\ndepth = 2', '"cnn"'))
