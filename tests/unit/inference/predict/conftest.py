from pathlib import Path

import pytest


@pytest.fixture
def save_network(tmp_path: Path):
    """Save a function of a named input, which gives named outputs, as a SavedModel; returns its folder."""
    import tensorflow as tf

    def save(function, *, shape, dtype="float32", folder="model", track=None) -> Path:
        module = tf.Module()
        module.track = track
        module.serve = tf.function(function, input_signature=[tf.TensorSpec(shape, dtype, name="image")])
        tf.saved_model.save(module, str(tmp_path / folder), signatures={"serving_default": module.serve})
        return tmp_path / folder

    return save


@pytest.fixture
def save_module(save_network):
    """Save a function (batch, 8, 8, 1) -> probabilities as a SavedModel."""

    def save(function, *, track=None) -> Path:
        return save_network(
            lambda image: {"probabilities": function(image)}, shape=(None, 8, 8, 1), track=track
        )

    return save
