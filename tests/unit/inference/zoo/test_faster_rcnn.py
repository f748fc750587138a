import keras
import numpy as np
import pytest

from inference.package.prediction import DetectionOutputs, Io
from inference.predict import load_predictor
from inference.train.export import export
from inference.zoo.backbones import feature_backbone
from inference.zoo.faster_rcnn import faster_rcnn

IO = Io(
    input="image",
    input_rank=4,
    detection=DetectionOutputs(boxes="boxes", scores="scores", classes="classes", count="valid"),
)


def test_outputs_have_names_and_fixed_shapes(small_design):
    outputs = faster_rcnn(small_design, channels=3, base=8).network.output
    assert {name: (tensor.shape, tensor.dtype) for name, tensor in outputs.items()} == {
        "boxes": ((None, 8, 4), "float32"),
        "scores": ((None, 8), "float32"),
        "classes": ((None, 8), "int32"),
        "valid": ((None,), "int32"),
    }


def test_after_a_short_lesson_it_finds_all_it_has_seen_and_the_export_says_the_same(
    small_design, rectangles, teach, matched, tmp_path
):
    keras.utils.set_random_seed(0)
    rcnn = faster_rcnn(small_design, base=8)
    teach(rcnn, rectangles, 120)
    said = {name: value.numpy() for name, value in rcnn.network({"image": rectangles.images}).items()}
    assert all(number is not None for _, _, number in matched(said, rectangles))
    assert (said["scores"] >= 0.5).sum() == (rectangles.classes >= 0).sum()

    export(rcnn.network, tmp_path / "model", IO)
    predictor = load_predictor(tmp_path / "model", IO, device="cpu")
    for image, count in enumerate(said["valid"]):
        found = predictor.detect(rectangles.images[image, :, :, 0])
        np.testing.assert_allclose(found["boxes"], said["boxes"][image, :count], atol=0.01)
        np.testing.assert_allclose(found["scores"], said["scores"][image, :count], atol=1e-3)
        np.testing.assert_array_equal(found["classes"], said["classes"][image, :count])


def test_a_backbone_of_keras_takes_the_place_of_the_small_one(small_design):
    backbone = feature_backbone("MobileNetV3Small", rows=64, columns=64, strides=small_design.strides)
    rcnn = faster_rcnn(small_design, backbone=backbone)
    outputs = rcnn.network({"image": np.zeros((1, 64, 64, 1), np.float32)})
    assert outputs["boxes"].shape == (1, 8, 4)
    assert rcnn.network.count_params() > backbone.count_params()


def test_a_backbone_on_other_grids_is_refused(small_design):
    backbone = feature_backbone("MobileNetV3Small", rows=64, columns=64, strides=(8, 16))
    with pytest.raises(ValueError, match="build both for the same rows, columns and strides"):
        faster_rcnn(small_design, backbone=backbone)
