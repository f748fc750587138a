import subprocess
import sys

import numpy as np
import pytest

from inference.errors import InferenceError
from inference.package.prediction import Io, Predict
from inference.predict import load_predictor

IO = Io(input="image", input_rank=4, output="probabilities", output_rank=4)


def test_loads_a_saved_model(package):
    predictor = load_predictor(package / "model", IO)
    assert predictor.members == 1
    assert predictor(np.zeros((128, 128), np.float32)).shape == (128, 128, 2)


def test_what_the_package_declares_is_done(package):
    image = np.random.default_rng(0).random((128, 128), np.float32)
    plain = load_predictor(package / "model", IO)(image)
    soft = load_predictor(package / "model", IO, Predict(temperature=4.0))(image)
    assert (np.abs(soft - 0.5) <= np.abs(plain - 0.5) + 1e-6).all()
    assert (soft != plain).any()


def test_a_device_that_is_not_there_is_an_error(package):
    with pytest.raises(InferenceError, match="gpu:99"):
        load_predictor(package / "model", IO, device="gpu:99")


def test_tensorflow_is_not_imported_before_a_model_is_loaded():
    code = "import sys, inference.predict; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
