"""What a series on disk costs until it is a float32 volume, beside what no loader can do without.

Native: each file read, its pixels copied into the volume. Compressed: the decoder, with the codestreams in
memory. The headers are those of a real CT, 258 elements each, in no order.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import imagecodecs
import numpy as np
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless
from scipy.ndimage import gaussian_filter

from inference.volume.series import read_volume
from tests.benchmarks.inference.ratio import Ratio

SIDE = 512
NATIVE, COMPRESSED = 300, 100
ROUNDS = 5
MOST_NATIVE, MOST_COMPRESSED, MOST_WALL = 2.0, 1.25, 0.65

CODECS = {
    "JPEG-LS": (JPEGLSLossless, imagecodecs.jpegls_encode, imagecodecs.jpegls_decode),
    "JPEG 2000": (
        JPEG2000Lossless,
        lambda image: imagecodecs.jpeg2k_encode(image, level=0, reversible=True, codecformat="j2k"),
        lambda codestream: imagecodecs.jpeg2k_decode(codestream, numthreads=1),
    ),
}


def measure() -> list[Ratio]:
    """CPU beside the floor, native and compressed; clock on two cores beside one, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        ratios = [measure_native(Path(folder) / "native")]
        for name in CODECS:
            ratios += measure_compressed(name, Path(folder) / name)
        return ratios


def measure_native(folder: Path) -> Ratio:
    """All cores may be used; what counts is the CPU time of them together."""
    images = ct_images(10)
    paths = write_series(folder, [image.tobytes() for image in images], NATIVE, ExplicitVRLittleEndian)
    assert np.array_equal(np.unique(read_volume(paths).voxels), np.unique(images) - 1024.0)
    floor, ours = least(lambda: read_and_copy(paths), lambda: read_volume(paths))
    return Ratio(
        said=f"{NATIVE} native slices / reading and copying the bytes, CPU",
        measured=ours[0] / floor[0],
        bar=MOST_NATIVE,
        detail=f"{milliseconds(ours[0], NATIVE)} and {milliseconds(floor[0], NATIVE)} ms a slice",
    )


def measure_compressed(name: str, folder: Path) -> list[Ratio]:
    """The bare decoder on one core, ours on one core and on two."""
    syntax, encode, decode = CODECS[name]
    codestreams = [encode(image) for image in ct_images(10)]
    paths = write_series(folder, [encapsulate([each]) for each in codestreams], COMPRESSED, syntax)
    bare, one, two = least(
        on_cores(1, lambda: [decode(codestreams[n % len(codestreams)]) for n in range(COMPRESSED)]),
        on_cores(1, lambda: read_volume(paths)),
        on_cores(2, lambda: read_volume(paths)),
    )
    return [
        Ratio(
            said=f"{COMPRESSED} {name} slices / the bare decoder, CPU",
            measured=two[0] / bare[0],
            bar=MOST_COMPRESSED,
            detail=f"{milliseconds(two[0], COMPRESSED)} and {milliseconds(bare[0], COMPRESSED)} ms a slice",
        ),
        Ratio(
            said=f"{COMPRESSED} {name} slices on two cores / on one, wall",
            measured=two[1] / one[1],
            bar=MOST_WALL,
            detail=f"{two[1]:.2f} and {one[1]:.2f} s, load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores",
        ),
    ]


def least(*runs: Callable[[], object]) -> list[tuple[float, float]]:
    """The least (CPU seconds, seconds on the clock) of each in ``ROUNDS`` rounds: what neighbours add is no part."""
    rounds = [[timed(run) for run in runs] for _ in range(ROUNDS)]
    return [(min(c for c, _ in column), min(w for _, w in column)) for column in zip(*rounds, strict=True)]


def timed(run: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.monotonic()
    run()
    return time.process_time() - cpu, time.monotonic() - wall


def on_cores(count: int, run: Callable[[], object]) -> Callable[[], object]:
    """The run held to so many cores, as taskset would."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) < count:
        raise SystemExit(f"{count} cores are needed, there are {len(allowed)}")

    def held() -> None:
        os.sched_setaffinity(0, sorted(allowed)[:count])
        try:
            run()
        finally:
            os.sched_setaffinity(0, allowed)

    return held


def read_and_copy(paths: Sequence[Path]) -> None:
    """The least there is to do: the pixels are the last bytes of each file, the volume is float32."""
    volume = np.empty((len(paths), SIDE, SIDE), np.float32)
    for place, path in zip(volume, paths, strict=True):
        content = path.read_bytes()
        np.copyto(place, np.frombuffer(content[-2 * SIDE * SIDE :], np.int16).reshape(SIDE, SIDE))


def ct_images(count: int) -> list[np.ndarray]:
    """12 bits: soft shapes and a scanner's noise, so that they compress as CT does, to about a third."""
    chance = np.random.default_rng(0)
    shapes = (gaussian_filter(chance.normal(size=(SIDE, SIDE)), 8) * 8000 + 1000 for _ in range(count))
    return [(each + chance.normal(size=each.shape) * 10).clip(0, 4095).astype(np.uint16) for each in shapes]


def write_series(folder: Path, pixels: Sequence[bytes], count: int, transfer_syntax_uid: str) -> list[Path]:
    folder.mkdir()
    header = dcmread(str(get_testdata_file("CT_small.dcm")))
    header.Rows = header.Columns = SIDE
    header.RescaleSlope, header.RescaleIntercept = 1, -1024  # 16 bits, signed, padded with -2000, as it was
    header.file_meta.TransferSyntaxUID = transfer_syntax_uid
    paths = [write_slice(header, pixels[n % len(pixels)], n, folder) for n in range(count)]
    random.Random(0).shuffle(paths)
    return paths


def write_slice(header: Dataset, pixels: bytes, number: int, folder: Path) -> Path:
    header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = f"2.25.{1000 + number}"
    header.ImagePositionPatient = [-100, -100, 1.25 * number]
    header.PixelData = pixels
    header["PixelData"].is_undefined_length = header.file_meta.TransferSyntaxUID.is_encapsulated
    path = folder / f"{number}.dcm"
    header.save_as(path)
    return path


def milliseconds(seconds: float, slices: int) -> str:
    return f"{1000 * seconds / slices:.2f}"
