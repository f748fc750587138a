import tomllib

import pytest
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.prediction import Io
from inference.train.signature import io_table


def _save(folder, function, shape=(None, 8, 8, 1)):
    module = tf.Module()
    module.serve = tf.function(function, input_signature=[tf.TensorSpec(shape, tf.float32, name="picture")])
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    return folder


def test_one_output_is_pinned_with_dtype_and_rank(tmp_path):
    folder = _save(tmp_path / "m", lambda picture: {"maps": tf.sigmoid(picture)})
    io = Io.model_validate(tomllib.loads(io_table(folder))["io"])
    assert (io.input, io.input_rank, io.output, io.output_rank) == ("picture", 4, "maps", 4)
    assert (io.input_dtype, io.output_dtype, io.task) == ("float32", "float32", "segmentation")


def test_boxes_scores_and_classes_are_a_detection(tmp_path):
    def serve(picture):
        total = tf.reduce_sum(picture)
        ones = tf.ones((1, 5))
        return {"boxes": tf.ones((1, 5, 4)) * total, "scores": ones, "classes": tf.cast(ones, tf.int64)}

    io = Io.model_validate(tomllib.loads(io_table(_save(tmp_path / "m", serve)))["io"])
    assert io.task == "detection"
    assert (io.detection.boxes, io.detection.count) == ("boxes", None)


def test_outputs_of_which_nobody_knows_what_they_are_are_named(tmp_path):
    folder = _save(tmp_path / "m", lambda picture: {"a": picture, "b": picture * 2})
    with pytest.raises(PackageInvalid, match=r"gives a, b; say in \[io.detection\]"):
        io_table(folder)


def test_what_is_no_savedmodel_is_said_plainly(tmp_path):
    with pytest.raises(PackageInvalid, match="no readable SavedModel"):
        io_table(tmp_path)


def test_another_signature_is_to_be_named(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(PackageInvalid, match="has no signature 'serving_default'"):
        io_table(tmp_path)


def test_the_zoos_number_of_boxes_that_count_is_the_count(tmp_path):
    def serve(picture):
        ones = tf.ones((1, 5)) * tf.reduce_sum(picture)
        boxes = tf.ones((1, 5, 4))
        return {"boxes": boxes, "scores": ones, "classes": tf.cast(ones, tf.int32), "valid": tf.constant([3])}

    io = Io.model_validate(tomllib.loads(io_table(_save(tmp_path / "m", serve)))["io"])
    assert io.detection.count == "valid"
