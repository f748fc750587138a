from pathlib import Path

import pytest

from inference.errors import TrainingRefused
from inference.train.networks import build_detector, build_network, channels_of, input_shape, require_task
from inference.train.recipe.network import Classifier, Cnn, Rcnn, Unet

BESIDE = Path("recipes")


def _with(manifest, **parts):
    return manifest.model_copy(
        update={name: getattr(manifest, name).model_copy(update=changes) for name, changes in parts.items()}
    )


def _detection(manifest):
    from inference.package.output import Box, Output

    box = {
        "label": "Lung",
        "class_id": 1,
        "concept": "SCT.Lung",
        "colour_rgb": (1, 2, 3),
        "score_at_least": 0.5,
    }
    output = Output(box=[Box.model_validate(box)])
    return _with(manifest, model={"task": "detection"}).model_copy(update={"output": output})


def test_the_task_decides_which_networks_there_are(manifest):
    require_task(Unet(kind="unet"), manifest)
    with pytest.raises(
        TrainingRefused, match=r"'cnn' is for classification, but model.toml says segmentation; use unet"
    ):
        require_task(Cnn(kind="cnn"), manifest)
    with pytest.raises(TrainingRefused, match="use faster_rcnn or mask_rcnn"):
        require_task(Unet(kind="unet"), _detection(manifest))


def test_there_are_as_many_channels_as_the_manifest_names(manifest):
    assert channels_of(manifest) == 2
    assert channels_of(_detection(manifest)) == 2


def test_a_network_reads_the_whole_input_or_the_patch(manifest):
    assert input_shape(manifest, (128, 128)) == (128, 128)
    patch = {"predict": {"patch": (1, 64, 32)}}
    assert input_shape(_with(manifest, **patch), (128, 128)) == (64, 32)
    volumes = _with(manifest, io={"input_rank": 5}, predict={"patch": (16, 64, 32)})
    assert input_shape(volumes, (20, 80, 80)) == (16, 64, 32)


def test_a_network_on_planes_of_a_volume_is_refused(manifest):
    with pytest.raises(TrainingRefused, match=r"reads planes, but the inputs are volumes; .* input_rank = 5"):
        input_shape(manifest, (20, 128, 128))


def test_the_unet_has_what_table_and_manifest_say(manifest):
    table = Unet(kind="unet", base=2, depth=2, normalisation="group", dropout=0.2)
    plane = build_network(table, manifest, (32, 16), BESIDE)
    assert plane.inputs[0].shape == (None, 32, 16, 1)
    assert plane.output["probabilities"].shape == (None, 32, 16, 2)
    names = {type(layer).__name__ for layer in plane.layers}
    assert {"GroupNormalization", "Dropout"} <= names
    assert plane.get_layer("probabilities").activation.__name__ == "sigmoid"
    softmax = _with(manifest, predict={"activation": "softmax"})
    volume = build_network(Unet(kind="unet", base=2, depth=1), softmax, (4, 8, 8), BESIDE)
    assert volume.output["probabilities"].shape == (None, 4, 8, 8, 2)
    assert volume.get_layer("probabilities").activation.__name__ == "softmax"


def test_the_classifiers_have_the_classes_of_the_manifest(manifest):
    assert build_network(Cnn(kind="cnn"), manifest, (32, 32), BESIDE).output["probabilities"].shape == (
        None,
        2,
    )


def test_detectors_have_boxes_and_with_mask_rcnn_masks(manifest):
    small = {
        "base": 2,
        "strides": (16, 32),
        "pyramid_channels": 8,
        "hidden": 8,
        "candidates": 20,
        "proposals": 5,
    }
    for kind, outputs in (("faster_rcnn", 4), ("mask_rcnn", 5)):
        detector = build_detector(
            Rcnn(kind=kind, detections=3, **small), _detection(manifest), (64, 64), BESIDE
        )
        assert len(detector.network.output) == outputs
        assert detector.design.classes == 2
        assert detector.network.output["boxes"].shape == (None, 3, 4)


@pytest.mark.parametrize(
    ("table", "shape", "sentence"),
    [
        (Unet(kind="unet", depth=3), (20, 20), r"\[network\] 20 x 20 cannot be halved 3 times"),
        (Classifier(kind="classifier", backbone="VGG"), (64, 64), "is no backbone"),
        (
            Classifier(kind="classifier", backbone="MobileNetV3Small", backbone_weights="none.h5"),
            (64, 64),
            "recipes/none.h5 is not there",
        ),
    ],
)
def test_what_the_zoo_cannot_build_is_told(manifest, table, shape, sentence):
    with pytest.raises(TrainingRefused, match=sentence):
        build_network(table, manifest, shape, BESIDE)


def test_a_detector_that_cannot_be_built_is_told(manifest):
    with pytest.raises(TrainingRefused, match=r"\[network\] .* does not divide by 32"):
        build_detector(Rcnn(kind="faster_rcnn"), _detection(manifest), (40, 40), BESIDE)
