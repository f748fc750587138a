import shutil

import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from inference.errors import PackageInvalid
from inference.predict.inspection import refuse_what_is_not_mathematics


def _refusal(folder, signature="serving_default") -> str:
    with pytest.raises(PackageInvalid) as caught:
        refuse_what_is_not_mathematics(folder, signature)
    return str(caught.value)


def _edit(folder, change):
    path = folder / "saved_model.pb"
    proto = saved_model_pb2.SavedModel()
    proto.ParseFromString(path.read_bytes())
    change(proto)
    path.write_bytes(proto.SerializeToString())


def test_a_network_passes(package):
    refuse_what_is_not_mathematics(package / "model", "serving_default")


def test_a_write_to_a_file_is_named(save_module, tmp_path):
    def writes(image):
        tf.io.write_file(str(tmp_path / "written"), "x")
        return image

    assert "uses WriteFile" in _refusal(save_module(writes))
    assert not (tmp_path / "written").exists()


def test_a_write_deep_in_a_called_function_is_named(save_module, tmp_path):
    @tf.function
    def inner(image):
        tf.io.write_file(str(tmp_path / "written"), "x")
        return image

    @tf.function
    def outer(image):
        return inner(image) * 2

    assert "WriteFile" in _refusal(save_module(outer))


def test_a_write_behind_a_condition_is_named(save_module, tmp_path):
    def writes(image):
        return tf.cond(
            tf.reduce_max(image) > 2.0, lambda: tf.io.matching_files("/*") == "", lambda: image[0, 0, 0] > 1
        )

    refusal = _refusal(save_module(writes))
    assert "If" in refusal
    assert "MatchingFiles" in refusal


def test_a_read_of_a_file_is_named(save_module):
    refusal = _refusal(save_module(lambda image: tf.strings.length(tf.io.read_file("/etc/hostname"))))
    assert "ReadFile" in refusal


def test_python_is_named(save_module):
    refusal = _refusal(save_module(lambda image: tf.py_function(lambda x: x, [image], tf.float32)))
    assert "EagerPyFunc" in refusal


def test_chance_is_named(save_module):
    assert "RandomUniform" in _refusal(save_module(lambda image: image + tf.random.uniform(())))


def test_a_function_only_an_object_offers_counts_too(save_module, tmp_path):
    @tf.function(input_signature=[])
    def aside():
        tf.io.write_file(str(tmp_path / "written"), "x")
        return tf.constant(0)

    track = tf.Module()
    track.aside = aside
    assert "WriteFile" in _refusal(save_module(lambda image: image, track=track))


def test_a_lookup_table_is_refused(save_module):
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["lung"], [2.0]), 0.0)
    assert "acts when it is loaded" in _refusal(save_module(lambda image: image, track=table))


def test_an_asset_is_refused(save_module, tmp_path):
    (tmp_path / "words.txt").write_text("lung")
    refusal = _refusal(
        save_module(lambda image: image, track=tf.saved_model.Asset(str(tmp_path / "words.txt")))
    )
    assert "assets/words.txt" in refusal


def test_another_signature_is_told_what_there_is(package):
    assert "no signature 'predict'; it has serve, serving_default" in _refusal(package / "model", "predict")


def test_a_call_to_a_function_that_is_not_there_is_refused(package, tmp_path):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    _edit(folder, lambda proto: proto.meta_graphs[0].graph_def.library.ClearField("function"))
    assert "does not hold" in _refusal(folder)


def test_the_old_format_is_refused(package, tmp_path):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    _edit(folder, lambda proto: proto.meta_graphs[0].ClearField("object_graph_def"))
    assert "format of TensorFlow 2" in _refusal(folder)


def test_two_graphs_are_refused(package, tmp_path):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    _edit(folder, lambda proto: proto.meta_graphs.add().CopyFrom(proto.meta_graphs[0]))
    assert "with one graph" in _refusal(folder)


@pytest.mark.parametrize("content", [b"\xff\xff\xff", None])
def test_a_file_that_is_no_graph_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "saved_model.pb").write_bytes(content)
    assert "no readable SavedModel" in _refusal(tmp_path)


@pytest.mark.parametrize("name", ["assets.extra/warmup", "saved_model.pbtxt", "run.py"])
def test_a_file_beside_graph_and_variables_is_refused(package, tmp_path, name):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("")
    assert f"holds {name}" in _refusal(folder)
