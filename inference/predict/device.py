"""The accelerator: which one, how much of its memory, and what is said about it."""

import logging
import re
from typing import Any

import tensorflow as tf

from inference.errors import InferenceError

logger = logging.getLogger(__name__)


def prepare_device(device: str = "auto", threads: int | None = None) -> str:
    """Choose what TensorFlow runs on in this process, and return it in words: ``CPU`` or ``GPU 0 (its name)``.

    ``device`` is ``auto``, ``cpu``, ``gpu`` or ``gpu:N``; ``threads`` how many CPU threads one operation may use.
    A GPU gives its memory as it is needed, so that it can be shared. TensorFlow settles all this when it first
    computes. Raises InferenceError for a device that is not there, and where this process runs on another by now.
    """
    gpus = tf.config.list_physical_devices("GPU")
    number = _number_of_gpu(device, len(gpus))
    chosen = [] if number is None else [gpus[number]]
    try:
        tf.config.set_visible_devices(chosen, "GPU")
    except RuntimeError:
        raise InferenceError(
            "TensorFlow runs on another device in this process already; give every model the same device"
        ) from None
    for gpu in chosen:
        _let_memory_grow(gpu)
    if threads is not None:
        _limit_threads(threads)
    words = "CPU" if number is None else f"GPU {number} ({_name_of(gpus[number])})"
    logger.info("networks run on %s", words)
    return words


def _number_of_gpu(device: str, there_are: int) -> int | None:
    if device == "cpu" or (device == "auto" and not there_are):
        return None
    if device == "auto":
        return 0
    asked = re.fullmatch(r"gpu(?::(\d{1,3}))?", device)
    if asked is None:
        raise InferenceError(f"'{device}' is no device; choose auto, cpu, gpu or gpu:N")
    number = int(asked[1] or 0)
    if number >= there_are:
        there = f"gpu:0 to gpu:{there_are - 1}" if there_are else "no GPU"
        raise InferenceError(
            f"TensorFlow sees {there} here, not gpu:{number}; choose auto or cpu, or mend its driver"
        )
    return number


def _let_memory_grow(gpu: Any) -> None:
    try:
        tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError:
        logger.warning("the GPU was used before: its memory cannot be shared with other processes any more")


def _limit_threads(threads: int) -> None:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    except RuntimeError:
        logger.warning("TensorFlow computed before: the number of its threads stays as it was")


def _name_of(gpu: Any) -> str:
    return str(tf.config.experimental.get_device_details(gpu).get("device_name", "of unknown kind"))
