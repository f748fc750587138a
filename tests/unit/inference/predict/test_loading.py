import numpy as np
import pytest
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.prediction import Io, Predict
from inference.predict import loading, saved_model
from inference.predict.loading import load

PLANES = Io(input="image", input_rank=4, output="p", output_rank=4)
VOLUMES = Io(input="image", input_rank=5, output="p", output_rank=5)


def _load(folder, io, predict):
    return load(folder, io, predict, device="auto", threads=None)


def _voxelwise(factor):
    weight = tf.Variable(factor)
    return (lambda image: {"p": tf.concat([image, 1 - image], axis=-1) * weight}), weight


@pytest.fixture
def members(save_network, tmp_path):
    for number, factor in enumerate((1.0, 0.5)):
        function, weight = _voxelwise(factor)
        save_network(function, shape=(None, 4, 6, 8, 1), folder=f"model/{number}", track=weight)
    return tmp_path / "model"


def test_every_member_is_loaded_and_answers(members):
    predictor = _load(members, VOLUMES, Predict(members=2, patch=(4, 6, 8)))
    values = np.random.default_rng(0).random((9, 7, 8), np.float32)
    slabs = []
    predictor.by_slab(values, lambda _, maps: slabs.append(maps.copy()))
    assert predictor.members == 2
    assert np.concatenate(slabs)[..., 0] == pytest.approx(values * 0.75, abs=1e-6)


def test_a_member_that_cannot_be_loaded_is_not_left_out(members):
    (members / "1" / "saved_model.pb").write_bytes(b"\xff\xff\xff")
    with pytest.raises(PackageInvalid, match="no readable SavedModel"):
        _load(members, VOLUMES, Predict(members=2, patch=(4, 6, 8)))


def test_the_networks_function_is_traced_once_for_all_volumes(members):
    """TensorFlow keeps a function for each trace; whatever the volume's size, no new one appears."""
    from tensorflow.python.eager import context

    predictor = _load(members, VOLUMES, Predict(members=2, patch=(4, 6, 8), batch=3))
    predictor.by_slab(np.zeros((4, 6, 8), np.float32), lambda *_: None)
    before = context.context().list_function_names()
    for shape in ((9, 7, 8), (2, 2, 2), (30, 6, 20)):
        predictor.by_slab(np.zeros(shape, np.float32), lambda *_: None)
    assert context.context().list_function_names() == before


def test_a_window_the_network_does_not_read_is_refused(members):
    with pytest.raises(
        PackageInvalid, match=r"windows of \(4, 4, 6, 16, 1\), but the network reads \(None, 4, 6, 8, 1\)"
    ):
        _load(members, VOLUMES, Predict(members=2, patch=(4, 6, 16)))


def test_a_batch_the_network_does_not_read_is_refused(save_network):
    folder = save_network(lambda image: {"p": image * 1}, shape=(2, 8, 8, 1))
    with pytest.raises(
        PackageInvalid, match=r"windows of \(4, 8, 8, 1\), but the network reads \(2, 8, 8, 1\)"
    ):
        _load(folder, PLANES, Predict(patch=(1, 8, 8)))
    assert _load(folder, PLANES, Predict(patch=(1, 8, 8), batch=2)).members == 1


def test_what_does_not_go_together_is_refused_before_anything_is_loaded(tmp_path):
    with pytest.raises(PackageInvalid, match=r"\[predict\] patch is missing"):
        _load(tmp_path, VOLUMES, Predict())


def test_the_device_is_chosen_before_anything_is_loaded(members, monkeypatch):
    order = []
    prepare, read = loading.prepare_device, saved_model.load
    monkeypatch.setattr(loading, "prepare_device", lambda *choice: order.append(choice) or prepare(*choice))
    monkeypatch.setattr(saved_model, "load", lambda *what: order.append("load") or read(*what))
    predictor = load(members, VOLUMES, Predict(members=2, patch=(4, 6, 8)), device="cpu", threads=None)
    assert order == [("cpu", None), "load", "load"]
    assert predictor.device == "CPU"


def test_a_detection_through_its_own_signature(save_network):
    """Of two boxes that overlap one is suppressed by the network's own graph, and padding is cut."""

    def serve(image):
        boxes = tf.constant([[[0.25, 0.0, 0.5, 0.5], [0.25, 0.0, 0.5, 0.55], [0.5, 0.5, 1.0, 1.0]]])
        scores = tf.stack([image[:, 0, :3, 0], tf.zeros_like(image[:, 0, :3, 0])], axis=-1)
        kept = tf.image.combined_non_max_suppression(
            boxes[:, :, tf.newaxis], scores, 4, 4, score_threshold=0.1
        )
        return {
            "b": kept.nmsed_boxes,
            "s": kept.nmsed_scores,
            "c": kept.nmsed_classes,
            "n": kept.valid_detections,
        }

    names = {"boxes": "b", "scores": "s", "classes": "c", "count": "n", "box_unit": "fraction"}
    io = Io(input="image", input_rank=4, detection=names)
    predictor = _load(save_network(serve, shape=(1, 8, 16, 1)), io, Predict())
    image = np.zeros((8, 16), np.float32)
    image[0, :3] = [0.9, 0.8, 0.6]
    found = predictor.detect(image)
    assert found["boxes"].tolist() == [[2, 0, 4, 8], [4, 8, 8, 16]]
    assert found["scores"] == pytest.approx([0.9, 0.6])
    assert found["classes"].tolist() == [0, 0]


def test_a_classification_in_bfloat16_through_its_own_signature(save_network):
    folder = save_network(
        lambda image: {"p": tf.nn.softmax(image[:, 0, :3, 0])}, shape=(None, 8, 8, 1), dtype="bfloat16"
    )
    io = Io(
        input="image",
        input_dtype="bfloat16",
        input_rank=4,
        output="p",
        output_dtype="bfloat16",
        output_rank=2,
    )
    image = np.zeros((8, 8), np.float32)
    image[0, :3] = np.log([0.7, 0.2, 0.1])
    probabilities = _load(folder, io, Predict()).classify(image)
    assert probabilities.dtype == np.float32
    assert probabilities == pytest.approx(np.array([0.7, 0.2, 0.1]), abs=0.01)
