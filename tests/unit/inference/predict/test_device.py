import tensorflow as tf

from inference.predict.device import prepare_device


def test_memory_grows_on_every_gpu(monkeypatch):
    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["first", "second"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu, on)))
    assert prepare_device() == "GPU"
    assert grown == [("first", True), ("second", True)]


def test_too_late_is_no_error(monkeypatch):
    def refuse(gpu, on):
        raise RuntimeError("already initialised")

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["first"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", refuse)
    assert prepare_device() == "GPU"


def test_without_a_gpu_it_is_the_cpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert prepare_device() == "CPU"
