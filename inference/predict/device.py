"""The accelerator, where there is one."""

import tensorflow as tf


def prepare_device() -> str:
    """Let TensorFlow take GPU memory as it needs it, so that a GPU can be shared; returns ``GPU`` or ``CPU``.

    Too late once a GPU was used in this process; then its memory settings stay as they are.
    """
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:
            break
    return "GPU" if gpus else "CPU"
