"""What the sliding window costs beyond the network it calls: time on a small 3-D U-Net, memory on twenty classes."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from inference.confidence.segments import SegmentConfidence
from inference.package.prediction import Io, Predict
from inference.predict import Predictor, load_predictor
from inference.predict.windows import tile
from tests.benchmarks.inference.ratio import Ratio

IO = Io(input="image", input_rank=5, output="probabilities", output_rank=5)
PAIRS = 5
MOST_TIME = 1.1
MOST_GIB = 3.0

TIMED = Predict(patch=(32, 96, 96), overlap=0.5, batch=4)
TIMED_SHAPE = (64, 192, 192)

LARGE = Predict(patch=(48, 128, 128), overlap=0.5, batch=2)
LARGE_SHAPE = (600, 512, 512)
LARGE_CLASSES = 20


def measure() -> list[Ratio]:
    """Time beside the bare network on the same windows, and memory beside the input volume."""
    with tempfile.TemporaryDirectory() as folder:
        return [*measure_time(Path(folder) / "unet"), measure_memory(Path(folder) / "cheap")]


def measure_time(folder: Path) -> list[Ratio]:
    """Bare network and sliding window in turn, ``PAIRS`` times after one to warm both."""
    export_unet(folder)
    values = np.random.default_rng(0).random(TIMED_SHAPE, np.float32)
    predictor = load_predictor(folder, IO, TIMED)
    bare = bare_run(folder, values)
    pairs = [(timed(bare), timed(lambda: slide(predictor, values))) for _ in range(PAIRS + 1)][1:]
    cpu = [ours[0] / theirs[0] for theirs, ours in pairs]
    wall = [ours[1] / theirs[1] for theirs, ours in pairs]
    return [
        Ratio(
            said=f"sliding window / bare network, {name}",
            measured=statistics.median(ratios),
            bar=MOST_TIME,
            detail=f"{min(ratios):.3f} to {max(ratios):.3f} in {PAIRS} pairs, bare {pairs[-1][0][column]:.1f} s",
        )
        for column, (name, ratios) in enumerate((("CPU", cpu), ("wall", wall)))
    ]


def measure_memory(folder: Path) -> Ratio:
    """The most memory of a process of its own, TensorFlow and all, beyond the volume it read."""
    export_cheap(folder)
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(folder)], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    found = json.loads(done.stdout)
    return Ratio(
        said=f"memory above the volume, GiB, {' x '.join(map(str, LARGE_SHAPE))}, {LARGE_CLASSES} classes",
        measured=found["above_the_volume_gib"],
        bar=MOST_GIB,
        detail=f"peak {found['peak_gib']:.2f} GiB, {found['before_gib']:.2f} before the first window, "
        f"patch {LARGE.patch}, {found['seconds']:.0f} s",
    )


def timed(run: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of all threads, and seconds on the clock."""
    cpu, wall = time.process_time(), time.monotonic()
    run()
    return time.process_time() - cpu, time.monotonic() - wall


def slide(predictor: Predictor, values: np.ndarray[Any, np.dtype[np.float32]]) -> None:
    """The whole volume; what comes is looked at by nobody."""
    predictor.by_slab(values, lambda first, probabilities: None)


def bare_run(folder: Path, values: np.ndarray[Any, np.dtype[np.float32]]) -> Callable[[], None]:
    """The same windows, cut beforehand, through the same signature: in as an array, out as an array, no more."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder))
    network = loaded.signatures["serving_default"]
    tiling = tile(TIMED_SHAPE, TIMED.patch or (1, 1, 1), overlap=TIMED.overlap, blend=TIMED.blend)
    depth, height, width = tiling.patch
    windows = [values[z : z + depth, y : y + height, x : x + width] for z, y, x in tiling.positions()]
    windows += windows[:1] * (-len(windows) % TIMED.batch)
    batches = np.stack(windows).reshape(-1, TIMED.batch, *tiling.patch, 1)

    def run() -> None:
        assert loaded is not None  # its variables live as long as it does
        for batch in batches:
            network(image=tf.constant(batch))["probabilities"].numpy()

    return run


def export_unet(folder: Path) -> None:
    """Two levels down, 16 filters at the top: small, as 3-D networks go."""
    import keras
    from keras import layers

    def block(level: Any, filters: int) -> Any:
        for _ in range(2):
            level = layers.Conv3D(filters, 3, padding="same", activation="relu")(level)
        return level

    image = keras.Input((*(TIMED.patch or ()), 1), name="image")
    top = block(image, 16)
    middle = block(layers.MaxPooling3D(2)(top), 32)
    bottom = block(layers.MaxPooling3D(2)(middle), 64)
    middle = block(layers.Concatenate()([middle, layers.Conv3DTranspose(32, 2, strides=2)(bottom)]), 32)
    top = block(layers.Concatenate()([top, layers.Conv3DTranspose(16, 2, strides=2)(middle)]), 16)
    export(keras.Model(image, layers.Conv3D(2, 1, activation="softmax")(top)), folder)


def export_cheap(folder: Path) -> None:
    """A voxel becomes twenty probabilities by itself."""
    import keras
    from keras import layers

    image = keras.Input((*(LARGE.patch or ()), 1), name="image")
    export(keras.Model(image, layers.Conv3D(LARGE_CLASSES, 1, activation="sigmoid")(image)), folder)


def export(network: Any, folder: Path) -> None:
    """Save it with the signature that ``IO`` declares."""
    import tensorflow as tf

    module = tf.Module()
    module.weights = [variable.value for variable in network.variables]
    specification = tf.TensorSpec(network.inputs[0].shape, tf.float32, name="image")
    module.serve = tf.function(
        lambda image: {"probabilities": network(image, training=False)}, input_signature=[specification]
    )
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})


def run_large(folder: Path) -> dict[str, float]:
    """In a process of its own: every slab becomes labels and confidence, as in a pipeline, and is gone."""
    values = np.random.default_rng(0).random(LARGE_SHAPE, np.float32)
    labels = np.zeros(LARGE_SHAPE, np.uint8)
    confidence = SegmentConfidence({f"class {k}": k for k in range(1, LARGE_CLASSES)})

    def on_slab(first_slice: int, probabilities: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        for number, plane in enumerate(probabilities, start=first_slice):
            labels[number] = plane.argmax(axis=-1)
            confidence.add(plane, labels[number])

    predictor = load_predictor(folder, IO, LARGE)
    before, began = peak_gib(), time.monotonic()
    predictor.by_slab(values, on_slab)
    peak = peak_gib()
    return {
        "before_gib": before,
        "peak_gib": peak,
        "above_the_volume_gib": peak - values.nbytes / 2**30,
        "seconds": time.monotonic() - began,
    }


def peak_gib() -> float:
    """The most memory this process has held so far (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    print(json.dumps(run_large(Path(sys.argv[1]))))
