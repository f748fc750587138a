"""From the recipe's tables to the lesson of its task, with a network that begins as the recipe says."""

from pathlib import Path

from inference.package.manifest import Manifest
from inference.train.learn.classification import ClassificationLesson
from inference.train.learn.detection import DetectionLesson
from inference.train.learn.lesson import Lesson
from inference.train.learn.segmentation import SegmentationLesson
from inference.train.learn.start import begin
from inference.train.losses.loss import loss_of
from inference.train.networks import Shape, build_detector, build_network, require_task
from inference.train.recipe.network import Rcnn
from inference.train.recipe.read import Recipe


def lesson_for(recipe: Recipe, manifest: Manifest, shape: Shape, beside: Path) -> Lesson:
    """A new network for inputs of ``shape``, and how it is taught; its start by chance is Keras' own random state.

    Files that the recipe names lie relative to ``beside``. Raises TrainingRefused where tables do not go together.
    """
    table = recipe.network
    require_task(table, manifest)
    if isinstance(table, Rcnn):
        detector = build_detector(table, manifest, shape, beside)
        begin(detector.network, table.start, beside)
        return DetectionLesson(detector, manifest, recipe.loss)
    network = build_network(table, manifest, shape, beside)
    loss = loss_of(recipe.loss, exclusive=manifest.predict.activation == "softmax")
    begin(network, table.start, beside)
    if manifest.model.task == "segmentation":
        return SegmentationLesson(network, manifest, loss)
    return ClassificationLesson(network, loss)
