"""SEG: beside what no writer can do without, beside plain highdicom, in memory, and of one segment."""

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import highdicom as hd
import numpy as np
from pydicom import dcmread

from inference.encode.frames import presence
from inference.encode.segmentation import encode_segmentations
from tests.benchmarks.encode.clock import least
from tests.benchmarks.encode.material import SIDE, SLICES, analysed, organs
from tests.benchmarks.inference.ratio import Ratio

SEGMENTS = 20
MOST_OF_FLOOR, LEAST_FASTER, MOST_ONE = 2.5, 4.0, 0.15
SPARE_MIB = 200


def measure() -> list[Ratio]:
    """All numbers of issue 6 about segmentations."""
    labels = organs(SEGMENTS)
    voxels = np.broadcast_to(np.float32(0), labels.shape)
    many = analysed(labels, SEGMENTS, voxels)
    one = analysed((labels == 1).view(np.uint8), 1, voxels)
    descriptions = _descriptions(many)
    ours, bare, single = least(
        lambda: encode_segmentations(many),
        lambda: floor(labels),
        lambda: encode_segmentations(one),
    )
    (plain,) = least(lambda: by_highdicom(many, descriptions), rounds=2)
    frames = int(sum((labels == k).any(axis=(1, 2)).sum() for k in range(1, SEGMENTS + 1)))
    said = f"{SEGMENTS} segments x {SLICES} slices"
    return [
        Ratio(
            said=f"{said} / presence, bits and write, CPU",
            measured=ours / bare,
            bar=MOST_OF_FLOOR,
            detail=f"{ours:.3f} and {bare:.3f} s, {frames} frames",
        ),
        Ratio(
            said=f"{said} / plain highdicom, CPU",
            measured=ours / plain,
            bar=1 / LEAST_FASTER,
            detail=f"{plain / ours:.1f} times faster; {plain:.2f} s",
        ),
        Ratio(said="one segment, CPU seconds", measured=single, bar=MOST_ONE),
        memory(labels),
    ]


def floor(labels: np.ndarray) -> None:
    """What every writer of BINARY segmentations does, and nothing else: which frames, their bits, a file."""
    # The quickest way known is ours; the floor has it too.
    present = presence(labels, SEGMENTS)
    with tempfile.TemporaryFile() as file:
        for k in range(SEGMENTS):
            for plane, found in zip(labels, present, strict=True):
                if found[k]:
                    file.write(np.packbits(plane == k + 1, bitorder="little"))


def by_highdicom(given, descriptions) -> bytes:
    """The same labels through highdicom's own constructor, into a file of bytes."""
    made = hd.seg.Segmentation(
        source_images=list(given.headers),
        pixel_array=given.found.labels,
        segmentation_type="BINARY",
        segment_descriptions=descriptions,
        series_instance_uid="2.25.5",
        series_number=1,
        sop_instance_uid="2.25.6",
        instance_number=1,
        manufacturer="m",
        manufacturer_model_name="m",
        device_serial_number="1",
        software_versions="1",
    )
    buffer = BytesIO()
    made.save_as(buffer)
    return buffer.getvalue()


def _descriptions(given) -> list[hd.seg.SegmentDescription]:
    (written,) = encode_segmentations(given)
    items = dcmread(BytesIO(written.result.content), stop_before_pixels=True).SegmentSequence
    return [hd.seg.SegmentDescription.from_dataset(item) for item in items]


def memory(labels: np.ndarray) -> Ratio:
    """The peak of a process of its own, above what it holds before it encodes, labels left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.npy"
        np.save(path, labels)
        told = subprocess.run(
            [sys.executable, "-m", __name__, str(path)], capture_output=True, check=True, text=True
        )
    mib = int(told.stdout) / 1024
    return Ratio(
        said=f"peak memory, labels included, MiB (bar: 2 x {labels.nbytes >> 20} + {SPARE_MIB})",
        measured=mib + (labels.nbytes >> 20),
        bar=2 * (labels.nbytes >> 20) + SPARE_MIB,
    )


def peak_kib(path: Path) -> int:
    """By how many KiB the process's largest size grows while it encodes (proc(5): 5 in clear_refs resets VmHWM)."""
    labels = np.load(path)
    given = analysed(labels, SEGMENTS, np.broadcast_to(np.float32(0), (SLICES, SIDE, SIDE)))
    small = analysed(organs(1), 1, np.broadcast_to(np.float32(0), (SLICES, SIDE, SIDE)))
    # The Standard's tables are read once in a process's life.
    encode_segmentations(small)
    del small
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    encode_segmentations(given)
    return _status("VmHWM") - before


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


if __name__ == "__main__":
    print(peak_kib(Path(sys.argv[1])))
