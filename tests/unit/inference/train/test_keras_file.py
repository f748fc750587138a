import json
import zipfile

import keras
import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.train import keras_file
from inference.train.keras_file import load_keras


@pytest.fixture
def network(tmp_path):
    image = keras.Input((8, 8, 1))
    keras.Model(image, keras.layers.Conv2D(2, 1, activation="softmax")(image)).save(tmp_path / "a.keras")
    return tmp_path / "a.keras"


def _rewritten(path, change):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    configuration = json.loads(members["config.json"])
    change(configuration)
    members["config.json"] = json.dumps(configuration).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_layers_of_keras_are_loaded(network):
    assert load_keras(network)(np.zeros((1, 8, 8, 1), np.float32)).shape == (1, 8, 8, 2)


def test_a_lambda_is_refused_and_not_run(tmp_path):
    image = keras.Input((8, 8, 1))
    trap = str(tmp_path / "executed")
    touching = keras.layers.Lambda(lambda x: (__import__("pathlib").Path(trap).touch(), x)[1])
    keras.Model(image, touching(image)).save(tmp_path / "l.keras")
    (tmp_path / "executed").unlink(missing_ok=True)
    with pytest.raises(PackageInvalid, match="holds a Lambda, which is Python code"):
        load_keras(tmp_path / "l.keras")
    assert not (tmp_path / "executed").exists()


def test_a_class_of_another_module_is_refused_and_not_imported(network, monkeypatch):
    def change(configuration):
        configuration["config"]["layers"][1].update(module="antigravity", class_name="Door")

    monkeypatch.setattr(keras.models, "load_model", lambda *_, **__: pytest.fail("it was loaded"))
    with pytest.raises(PackageInvalid, match="holds Door of antigravity"):
        load_keras(_rewritten(network, change))


def test_a_function_that_is_named_is_refused(network):
    def change(configuration):
        activation = {"module": "os", "class_name": "function", "config": "system"}
        configuration["config"]["layers"][1]["config"]["activation"] = activation

    with pytest.raises(PackageInvalid, match="holds function of os"):
        load_keras(_rewritten(network, change))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_no_keras_file_is_said_plainly(tmp_path, content):
    (tmp_path / "a.keras").write_bytes(content)
    with pytest.raises(PackageInvalid, match=r"is no \.keras file"):
        load_keras(tmp_path / "a.keras")


def test_a_configuration_without_end_is_not_read(network, monkeypatch):
    monkeypatch.setattr(keras_file, "LARGEST_CONFIGURATION_BYTES", 100)
    with pytest.raises(PackageInvalid, match="too large"):
        load_keras(network)


def test_a_configuration_that_keras_does_not_understand_is_refused(network):
    with pytest.raises(PackageInvalid, match="cannot be loaded by Keras"):
        load_keras(_rewritten(network, lambda configuration: configuration["config"].pop("layers")))
