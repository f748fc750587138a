import gc
import shutil

import numpy as np
import pytest
import tensorflow as tf

from inference.errors import PackageInvalid, PredictionFailed
from inference.package.prediction import Io
from inference.predict.saved_model import load

IO = Io(input="image", input_rank=4, output="probabilities", output_rank=4)


def _batch(side, value=0.0):
    return np.full((1, side, side, 1), value, np.float32)


def test_the_network_does_its_arithmetic(package):
    network = load(package / "model", IO)
    gc.collect()
    batch = _batch(128, 1.0)
    batch[0, 3, 5], batch[0, 7, 9] = 0.0, 0.5
    given = network(batch)
    assert set(given) == {"probabilities"}
    (maps,) = given["probabilities"]
    assert (maps.dtype, maps.shape) == (np.float32, (128, 128, 2))
    assert maps[3, 5] == pytest.approx([1, 0], abs=1e-3)
    assert maps[7, 9] == pytest.approx([0, 1], abs=1e-3)
    assert maps[9, 7] == pytest.approx([0, 0], abs=1e-3)


def test_it_tells_what_it_reads(package):
    assert load(package / "model", IO).input_shape == (None, 128, 128, 1)


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_another_precision_begins_and_ends_at_the_signature(save_network, kind):
    folder = save_network(lambda image: {"probabilities": image * 1.0}, shape=(None, 8, 8, 1), dtype=kind)
    network = load(folder, IO.model_copy(update={"input_dtype": kind, "output_dtype": kind}))
    maps = network(_batch(8, 0.3))["probabilities"]
    assert maps.dtype == np.float32
    assert (maps == float(tf.cast(0.3, kind))).all()
    assert (maps != np.float32(0.3)).all()


def test_whole_numbers_stay_whole(save_network):
    folder = save_network(
        lambda image: {"c": tf.cast(image[:, 0, :5, 0], tf.int32), "b": image[:, :5, :4, 0], "s": image[:, 0, :5, 0]},
        shape=(None, 8, 8, 1),
    )  # fmt: skip
    io = Io(input="image", input_rank=4, detection={"boxes": "b", "scores": "s", "classes": "c"})
    given = load(folder, io)(_batch(8, 3.0))
    assert {name: values.dtype.name for name, values in given.items()} == {
        "b": "float32",
        "s": "float32",
        "c": "int32",
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"input": "picture"}, "input is 'picture', but the SavedModel has image"),
        ({"output": "maps"}, "output is 'maps', but the SavedModel has probabilities"),
        ({"input_rank": 5, "output_rank": 5}, "float32 of rank 5"),
        ({"output_rank": 2}, "float32 of rank 2"),
        ({"output_dtype": "float16"}, "but the SavedModel's is float32"),
        ({"signature": "other"}, "no signature 'other'"),
    ],
)
def test_another_signature_than_declared_is_refused(package, change, sentence):
    with pytest.raises(PackageInvalid, match=sentence):
        load(package / "model", IO.model_copy(update=change))


def test_what_could_act_is_refused_before_it_is_loaded(save_module, tmp_path, monkeypatch):
    def writes(image):
        tf.io.write_file(str(tmp_path / "written"), "x")
        return image

    folder = save_module(writes)
    monkeypatch.setattr(tf.saved_model, "load", lambda _: pytest.fail("it was loaded"))
    with pytest.raises(PackageInvalid, match="WriteFile"):
        load(folder, IO)


def test_lost_weights_are_refused(package, tmp_path):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    shutil.rmtree(folder / "variables")
    with pytest.raises(PackageInvalid, match="cannot be loaded"):
        load(folder, IO)


def test_an_image_of_another_size_fails_by_name(package):
    with pytest.raises(PredictionFailed, match=r"reads \(None, 128, 128, 1\), the image is \(1, 64, 64, 1\)"):
        load(package / "model", IO)(_batch(64))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            tf.errors.ResourceExhaustedError(None, None, "of the device"),
            "ResourceExhaustedError, the memory is not enough",
        ),
        (MemoryError(), "MemoryError, the memory is not enough"),
        (tf.errors.InternalError(None, None, "of the device"), "InternalError"),
    ],
)
def test_a_fault_of_the_device_fails_by_name(package, monkeypatch, error, sentence):
    network = load(package / "model", IO)

    def fails(**_):
        raise error

    monkeypatch.setattr(network, "_signature", fails)
    with pytest.raises(PredictionFailed, match=sentence):
        network(_batch(128))
