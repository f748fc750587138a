import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.errors import PackageInvalid
from inference.package.prediction import Io
from inference.predict.inspection import refuse_what_is_not_mathematics
from inference.train.export import UNNAMED, export, write

IO = Io(input="image", input_rank=4, output="maps", output_rank=4)
X = np.random.default_rng(0).random((1, 8, 8, 1)).astype(np.float32)


def _network(outputs="one", inputs="plain"):
    image = keras.Input((8, 8, 1), name="picture")
    one = keras.layers.Conv2D(2, 1, activation="sigmoid")(image)
    other = keras.layers.Conv2D(1, 1)(image)
    given = {"one": one, "dict": {"maps": one}, "two": {"maps": one, "other": other}, "list": [one, other]}[
        outputs
    ]
    return keras.Model({"picture": image} if inputs == "dict" else image, given)


def _served(folder):
    loaded = tf.saved_model.load(str(folder))
    return loaded.signatures["serving_default"](image=tf.constant(X))


@pytest.mark.parametrize("inputs", ["plain", "dict"])
@pytest.mark.parametrize("outputs", ["one", "dict", "two"])
def test_whatever_the_form_of_the_network_the_signature_is_as_declared(tmp_path, inputs, outputs):
    network = _network(outputs, inputs)
    export(network, tmp_path / "model", IO)
    served = _served(tmp_path / "model")
    assert set(served) == {"maps"}
    given = network({"picture": X} if inputs == "dict" else X)
    expected = given["maps"] if outputs != "one" else given
    assert np.allclose(served["maps"], expected, atol=1e-6)


def test_it_passes_the_inspection(tmp_path):
    export(_network(), tmp_path / "model", IO)
    refuse_what_is_not_mathematics(tmp_path / "model", "serving_default")
    assert not (tmp_path / "model" / "assets").exists()


def test_without_names_an_output_gets_one(tmp_path):
    write(
        _network(),
        tmp_path / "model",
        signature="serving_default",
        input_name="image",
        dtype="float32",
        outputs=None,
    )
    assert set(_served(tmp_path / "model")) == {UNNAMED}


def test_an_output_that_is_not_there_is_told_with_those_that_are(tmp_path):
    io = IO.model_copy(update={"output": "masks"})
    with pytest.raises(PackageInvalid, match="no output 'masks'; it has maps, other"):
        export(_network("two"), tmp_path / "model", io)


def test_several_outputs_need_names(tmp_path):
    with pytest.raises(PackageInvalid, match="several outputs without names"):
        export(_network("list"), tmp_path / "model", IO)


def test_one_input_is_all_a_package_has(tmp_path):
    first, second = keras.Input((8, 8, 1)), keras.Input((8, 8, 1))
    network = keras.Model([first, second], keras.layers.Add()([first, second]))
    with pytest.raises(PackageInvalid, match="has 2 inputs"):
        export(network, tmp_path / "model", IO)
