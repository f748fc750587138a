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


def test_a_look_at_files_behind_a_condition_is_named(save_module):
    def looks(image):
        return tf.cond(
            tf.reduce_max(image) > 2.0, lambda: tf.io.matching_files("/*") == "", lambda: image[0, 0, 0] > 1
        )

    assert "MatchingFiles" in _refusal(save_module(looks))


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


def _keras_classifier(layers):
    import keras

    image = keras.Input((16, 16, 1), name="image")
    level = image
    for layer in layers:
        level = layer(level)
    output = keras.layers.Dense(3, activation="softmax")(keras.layers.Flatten()(level))
    return keras.Model({"image": image}, {"probabilities": output})


def test_networks_that_classify_pass(tmp_path):
    from keras import layers

    attention = layers.MultiHeadAttention(2, 4)
    families = {
        "mobile": [layers.DepthwiseConv2D(3), layers.BatchNormalization(), layers.Activation("hard_silu")],
        "efficient": [
            layers.Rescaling([2.0]),
            layers.Normalization(mean=0.5, variance=2.0),
            layers.Activation("silu"),
        ],
        "transformer": [
            layers.Conv2D(8, 4, strides=4),
            layers.Reshape((16, 8)),
            lambda level: layers.Add()([level, attention(level, level)]),
            layers.LayerNormalization(),
            layers.Dense(8, activation="gelu"),
            layers.Dropout(0.5),
            layers.GlobalAveragePooling1D(),
        ],
    }
    for name, family in families.items():
        _keras_classifier(family).export(tmp_path / name, format="tf_saved_model", verbose=False)
        refuse_what_is_not_mathematics(tmp_path / name, "serving_default")


def test_networks_that_mark_boxes_pass(save_network):
    def serve(image):
        scores = tf.reshape(image[:, :, :4, 0], (-1, 32, 1))
        corner = tf.reshape(image[:, :, 4:6, 0], (-1, 16, 1))
        boxes = tf.tile(tf.concat([corner, corner, corner + 0.5, corner + 0.5], axis=-1), (1, 2, 1))
        best = tf.image.combined_non_max_suppression(boxes[:, :, tf.newaxis], scores, 5, 5)
        kept, count = tf.image.non_max_suppression_padded(
            boxes, scores[..., 0], 5, pad_to_max_output_size=True, sorted_input=False
        )
        one = tf.image.non_max_suppression_with_scores(boxes[0], scores[0, :, 0], 5)[0]
        crops = tf.image.crop_and_resize(image, tf.gather(boxes[0], one), tf.zeros_like(one), (7, 7))
        likely = tf.gather_nd(scores[0], tf.where(scores[0, :, 0] > 0.5))
        return {
            "boxes": best.nmsed_boxes,
            "scores": tf.math.top_k(scores[..., 0], 5).values,
            "kept": tf.gather(boxes, kept, batch_dims=1),
            "count": count,
            "crops": crops,
            "likely": likely,
        }

    folder = save_network(serve, shape=(None, 8, 8, 1))
    refuse_what_is_not_mathematics(folder, "serving_default")
    tf.saved_model.load(str(folder)).signatures["serving_default"](image=tf.zeros((1, 8, 8, 1)))


def test_a_loop_that_only_computes_passes(save_module):
    folder = save_module(
        lambda image: tf.while_loop(lambda n, _: n < 3, lambda n, x: (n + 1, x / 2), (0, image))[1]
    )
    refuse_what_is_not_mathematics(folder, "serving_default")


def test_a_write_inside_a_loop_is_named(save_module, tmp_path):
    def turn(n, image):
        tf.io.write_file(str(tmp_path / "written"), "x")
        return n + 1, image

    folder = save_module(lambda image: tf.while_loop(lambda n, _: n < 3, turn, (0, image))[1])
    assert "WriteFile" in _refusal(folder)


def test_a_loop_over_a_list_of_tensors_is_named(save_module):
    assert "TensorListReserve" in _refusal(save_module(lambda image: tf.map_fn(lambda one: one / 2, image)))


def test_a_function_of_numpy_on_the_host_is_named(save_module):
    folder = save_module(lambda image: tf.numpy_function(lambda x: x, [image], tf.float32))
    assert "PyFunc" in _refusal(folder)
