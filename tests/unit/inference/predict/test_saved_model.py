import gc
import shutil

import numpy as np
import pytest
import tensorflow as tf

from inference.errors import PackageInvalid, PredictionFailed
from inference.package.prediction import Io
from inference.predict.saved_model import load

IO = Io(input="image", input_rank=4, output="probabilities", output_rank=4)


def test_the_network_does_its_arithmetic(package):
    predictor = load(package / "model", IO)
    gc.collect()
    image = np.full((128, 128), 1.0, np.float32)
    image[3, 5], image[7, 9] = 0.0, 0.5
    maps = predictor(image)
    assert (maps.dtype, maps.shape) == (np.float32, (128, 128, 2))
    assert maps[3, 5] == pytest.approx([1, 0], abs=1e-3)
    assert maps[7, 9] == pytest.approx([0, 1], abs=1e-3)
    assert maps[9, 7] == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"input": "picture"}, "input is 'picture', but the SavedModel has image"),
        ({"output": "maps"}, "output is 'maps', but the SavedModel has probabilities"),
        ({"input_rank": 3}, "float32 of rank 3"),
        ({"output_rank": 5}, "float32 of rank 5"),
        ({"signature": "other"}, "no signature 'other'"),
    ],
)
def test_another_signature_than_declared_is_refused(package, change, sentence):
    with pytest.raises(PackageInvalid, match=sentence):
        load(package / "model", IO.model_copy(update=change))


def test_another_dtype_than_declared_is_refused(save_module):
    with pytest.raises(PackageInvalid, match="but the SavedModel's is float64"):
        load(save_module(lambda image: tf.cast(image, tf.float64)), IO)


def test_a_rank_that_no_plane_has_is_refused(save_module):
    folder = save_module(lambda image: image[..., 0])
    with pytest.raises(PackageInvalid, match="rank 4"):
        load(folder, IO.model_copy(update={"output_rank": 3}))


def test_lost_weights_are_refused(package, tmp_path):
    folder = shutil.copytree(package / "model", tmp_path / "copy")
    shutil.rmtree(folder / "variables")
    with pytest.raises(PackageInvalid, match="cannot be loaded"):
        load(folder, IO)


def test_an_image_of_another_size_fails_by_name(package):
    with pytest.raises(PredictionFailed, match=r"reads \(None, 128, 128, 1\), the image is \(1, 64, 64, 1\)"):
        load(package / "model", IO)(np.zeros((64, 64), np.float32))


def test_a_fault_of_the_device_fails_by_name(package, monkeypatch):
    predictor = load(package / "model", IO)

    def exhausted(**_):
        raise tf.errors.ResourceExhaustedError(None, None, "no memory left")

    monkeypatch.setattr(predictor, "_signature", exhausted)
    with pytest.raises(PredictionFailed, match="ResourceExhaustedError"):
        predictor(np.zeros((128, 128), np.float32))


def test_values_that_are_no_numbers_fail_by_name(save_module):
    predictor = load(save_module(lambda image: image / 0.0), IO)
    with pytest.raises(PredictionFailed, match="no numbers"):
        predictor(np.zeros((8, 8), np.float32))
