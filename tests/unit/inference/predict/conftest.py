from pathlib import Path

import pytest


@pytest.fixture
def save_module(tmp_path: Path):
    """Save a function (1, rows, columns, 1) -> tensor as a SavedModel with named input and output."""
    import tensorflow as tf

    def save(function, *, names=("image", "probabilities"), track=None) -> Path:
        module = tf.Module()
        module.track = track

        @tf.function(input_signature=[tf.TensorSpec((None, 8, 8, 1), tf.float32, name=names[0])])
        def serve(image):
            return {names[1]: function(image)}

        module.serve = serve
        tf.saved_model.save(module, str(tmp_path / "model"), signatures={"serving_default": serve})
        return tmp_path / "model"

    return save
