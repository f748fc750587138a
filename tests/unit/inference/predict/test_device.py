import logging

import pytest
import tensorflow as tf

from inference.errors import InferenceError
from inference.predict.device import prepare_device


class Machine:
    """What tf.config would see and take, with so many GPUs; ``in_use`` once TensorFlow has computed."""

    def __init__(self, monkeypatch, *, gpus):
        self.gpus = [f"GPU-{number}" for number in range(gpus)]
        self.done, self.in_use = [], ()
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: self.gpus)
        monkeypatch.setattr(
            tf.config, "set_visible_devices", lambda gpus, kind: self._do("visible", tuple(gpus))
        )
        monkeypatch.setattr(
            tf.config.experimental, "set_memory_growth", lambda gpu, on: self._do("grows", gpu, on)
        )
        monkeypatch.setattr(
            tf.config.threading, "set_intra_op_parallelism_threads", lambda n: self._do("threads", n)
        )
        monkeypatch.setattr(
            tf.config.experimental, "get_device_details", lambda gpu: {"device_name": f"Make of {gpu}"}
        )

    def _do(self, what, *values):
        if what in self.in_use:
            raise RuntimeError("cannot be modified after being initialized")
        self.done.append((what, *values))


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch, gpus=2)


def test_the_first_gpu_is_taken_alone_and_its_memory_grows(machine):
    assert prepare_device() == "GPU 0 (Make of GPU-0)"
    assert machine.done == [("visible", ("GPU-0",)), ("grows", "GPU-0", True)]


def test_another_gpu_by_its_number(machine):
    assert prepare_device("gpu:1") == "GPU 1 (Make of GPU-1)"
    assert machine.done == [("visible", ("GPU-1",)), ("grows", "GPU-1", True)]


def test_the_cpu_leaves_the_gpus_alone(machine):
    assert prepare_device("cpu") == "CPU"
    assert machine.done == [("visible", ())]


def test_without_a_gpu_it_is_the_cpu(monkeypatch):
    machine = Machine(monkeypatch, gpus=0)
    assert prepare_device() == "CPU"
    assert machine.done == [("visible", ())]


def test_threads_are_limited(machine):
    prepare_device("cpu", threads=3)
    assert ("threads", 3) in machine.done


def test_the_log_says_in_words_what_is_used(machine, caplog):
    caplog.set_level(logging.INFO)
    prepare_device("gpu:1")
    assert "networks run on GPU 1 (Make of GPU-1)" in caplog.text


def test_a_gpu_that_is_not_there_is_an_error_that_says_what_is(machine):
    with pytest.raises(InferenceError, match="sees gpu:0 to gpu:1 here, not gpu:2"):
        prepare_device("gpu:2")


def test_asking_for_a_gpu_where_there_is_none_is_an_error(monkeypatch):
    Machine(monkeypatch, gpus=0)
    with pytest.raises(InferenceError, match="sees no GPU here, not gpu:0; choose auto or cpu"):
        prepare_device("gpu")


@pytest.mark.parametrize("device", ["tpu", "gpu:", "gpu:x", "GPU:0", ""])
def test_what_is_no_device_is_an_error_that_says_what_is(machine, device):
    with pytest.raises(InferenceError, match="choose auto, cpu, gpu or gpu:N"):
        prepare_device(device)
    assert machine.done == []


def test_another_device_than_the_process_runs_on_is_an_error(machine):
    machine.in_use = ("visible",)
    with pytest.raises(InferenceError, match="runs on another device in this process already"):
        prepare_device("cpu")


@pytest.mark.parametrize(
    ("late", "said"), [("grows", "memory cannot be shared"), ("threads", "number of its threads stays")]
)
def test_too_late_for_memory_or_threads_is_said_but_no_error(machine, caplog, late, said):
    machine.in_use = (late,)
    assert prepare_device("gpu:0", threads=2) == "GPU 0 (Make of GPU-0)"
    assert said in caplog.text
