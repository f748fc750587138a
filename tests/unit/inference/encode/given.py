"""Analysed sources for the tests of the encoders: what went in is known to the voxel."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed, Classification, Detection, Projection, Segmentation
from inference.measure import measure_image, measure_volume
from inference.package.manifest import Manifest
from inference.postprocess.detections import Detections
from inference.volume.series import read_volume
from inference.volume.spacing import spacing_of
from inference.volume.volume import Volume
from tests.model_package import MANIFEST, phantom
from tests.projection_image import projection_image
from tests.unit.inference.volume.stacks import enhanced_ct, write, write_stack

NOW = datetime(2026, 3, 4, 5, 6, 7, 890000, tzinfo=UTC)
ROWS, COLUMNS = 121, 83
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
PATIENT = {
    "PatientBirthDate": "19700101",
    "PatientSex": "M",
    "StudyDate": "20260102",
    "StudyTime": "030405",
    "StudyID": "S1",
    "AccessionNumber": "A1",
    "ReferringPhysicianName": "Doe^Jane",
    "SeriesNumber": 3,
    "Manufacturer": "Phantoms",
    "SliceThickness": 2,
    "PositionReferenceIndicator": "SN",
}

TITLE = """
[model]
name = "shades"
version = "1.2.3"
task = "{task}"
research_only = true
intended_use = "Tests of this software"
licence = "Apache-2.0"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "weights written by hand"

[input]
each = "{each}"
Modality = ["CT"]

[io]
input = "image"
input_rank = {rank}
"""
ORGANS = ("Liver", "Kidney", "Spleen", "Pancreas", "Heart")
MEASURED = {
    "volume": ("SCT.Volume", "mL"),
    "longest_diameter": ("SCT.LongAxis", "mm"),
    "mean": ("SCT.Mean", "[hnsf'U]"),
}


def manifest_of(text: str) -> Manifest:
    return Manifest.model_validate(tomllib.loads(text))


def volume_manifest(segments: int = 2, measured: Sequence[str] = tuple(MEASURED)) -> Manifest:
    """A package that finds so many organs in a series."""
    tables = [TITLE.format(task="segmentation", each="series", rank=5)]
    tables.append('output = "probabilities"\noutput_rank = 5\n[predict]\npatch = [4, 4, 4]')
    tables += [
        f'[[output.segment]]\nlabel = "{organ_name(k)}"\nchannel = {k + 1}\ncategory = "SCT.AnatomicalStructure"\n'
        f'type = "SCT.{ORGANS[k % len(ORGANS)]}"\ncolour_rgb = [{40 * k % 256}, 165, 245]'
        for k in range(segments)
    ]
    tables += [
        f'[[output.measurement]]\nkind = "{kind}"\ncode = "{MEASURED[kind][0]}"\nunit = "{MEASURED[kind][1]}"'
        for kind in measured
    ]
    return manifest_of("\n".join(tables))


def organ_name(k: int) -> str:
    return f"{ORGANS[k % len(ORGANS)]} {k + 1}"


def label_phantom(*shape: int, segments: int = 2) -> np.ndarray:
    """A label map that no flip and no turn maps onto itself; each segment on some slices, none on all."""
    slices, rows, columns = shape
    labels = np.zeros(shape, np.uint8)
    for k in range(segments):
        first = k * slices // (2 * segments)
        block = labels[first + 1 : first + 1 + max(2, slices // 3)]
        top, left = (k * 3) % max(rows - 4, 1), (k * 5) % max(columns - 5, 1)
        block[:, top : top + rows // 3 + 1, left : left + 2] = k + 1
        block[:1, top : top + 2, left : left + columns // 3 + 1] = k + 1
    return labels


def read_phantom(
    folder: Path,
    shape: tuple[int, int, int] = (5, 16, 24),
    *,
    orientation: Sequence[float] = AXIAL,
    step: Sequence[float] = (0, 0, 2.0),
    origin: Sequence[float] = (-30.5, 12.25, 100.0),
    is_enhanced: bool = False,
    **attributes: Any,
) -> Volume:
    values = np.arange(np.prod(shape), dtype=np.int16).reshape(shape) % 2000
    given = PATIENT | attributes
    attributes = {key: value for key, value in given.items() if value is not None or key not in PATIENT}
    if not is_enhanced:
        paths = write_stack(folder, values, origin=origin, step=step, orientation=orientation, **attributes)
        return read_volume(paths)
    folder.mkdir(exist_ok=True)
    positions = [tuple(np.asarray(origin, float) + k * np.asarray(step, float)) for k in range(len(values))]
    del attributes["SliceThickness"]
    instance = enhanced_ct(values, positions, **attributes)
    return read_volume([write(instance, folder / "enhanced")])


def analysed_volume(
    volume: Volume, labels: np.ndarray | None = None, *, manifest: Manifest | None = None, **others: Any
) -> Analysed:
    """As the pipeline gives it: with measurements and confidence."""
    labels = label_phantom(*volume.voxels.shape) if labels is None else labels
    manifest = manifest or volume_manifest(max(int(labels.max()), 1))
    names = [segment.label for segment in manifest.output.segment]
    measured = measure_volume(
        labels, manifest.output.measurement, names=names, voxels=volume.voxels, affine=volume.affine
    )
    given: dict[str, Any] = {
        "manifest": manifest,
        "digest": "ab" * 32,
        "now": NOW,
        "source": volume,
        "found": Segmentation(labels=labels),
        "measured": measured,
        "confidence": tuple(Confidence(label=name, certainty=0.9, kind="soft_dice") for name in names),
    }
    return Analysed(**given | others)


def analysed_image(
    *, labels: np.ndarray | None = None, manifest: Manifest | None = None, now: datetime = NOW, **others: Any
) -> Analysed:
    """Keywords with a capital letter are attributes of the source."""
    attributes = {key: others.pop(key) for key in list(others) if key[0].isupper()}
    header = projection_image(rows=ROWS, columns=COLUMNS, **attributes)
    pixels, layers = phantom(ROWS, COLUMNS)
    labels = layers if labels is None else labels
    manifest = manifest or manifest_of(MANIFEST)
    spacing = spacing_of(header)
    names = [segment.label for segment in manifest.output.segment]
    given: dict[str, Any] = {
        "manifest": manifest,
        "digest": "ab" * 32,
        "now": now,
        "source": Projection(header=header, pixels=pixels, spacing=spacing),
        "found": Segmentation(labels=labels),
        "measured": measure_image(
            labels, manifest.output.measurement, names=names, pixels=pixels, spacing=spacing
        ),
        "confidence": (
            Confidence(label="Dark", certainty=0.987, kind="soft_dice"),
            Confidence(label="Grey", certainty=0.654, kind="soft_dice"),
        ),
    }
    return Analysed(**given | others)


CLASSES = (
    TITLE.format(task="classification", each="instance", rank=4)
    + """
output = "probabilities"
output_rank = 2
[[output.finding]]
label = "Pneumothorax"
channel = 1
concept = "SCT.Pneumothorax"
threshold = 0.5
positive = "Signs of a pneumothorax"
[[output.finding]]
label = "Effusion"
channel = 0
concept = "SCT.PleuralEffusion"
threshold = 0.5
positive = "Signs of an effusion"
"""
)
BOXES = (
    TITLE.format(task="detection", each="instance", rank=4)
    + """
[io.detection]
boxes = "boxes"
scores = "scores"
classes = "classes"
masks = "masks"
[[output.box]]
label = "Nodule"
class_id = 1
category = "SCT.MorphologicallyAbnormalStructure"
concept = "SCT.Nodule"
colour_rgb = [255, 0, 0]
score_at_least = 0.5
mask = true
[[output.box]]
label = "Mass"
class_id = 7
concept = "SCT.Mass"
colour_rgb = [0, 255, 0]
score_at_least = 0.5
"""
)


def analysed_classes(probabilities: Sequence[float] = (0.123, 0.876), **others: Any) -> Analysed:
    found = Classification(probabilities=np.array(probabilities, np.float32))
    return analysed_image(manifest=manifest_of(CLASSES), found=found, confidence=(), **others)


def analysed_boxes(
    boxes: Sequence[Sequence[float]] = ((10.5, 20, 30, 60), (40, 5, 60, 25), (70, 30, 90, 50)),
    classes: Sequence[int] = (1, 1, 7),
    masks: np.ndarray | None = None,
    **others: Any,
) -> Analysed:
    found = Detections(
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        scores=np.linspace(0.95, 0.6, len(classes), dtype=np.float32),
        classes=np.array(classes, np.int64),
        masks=masks,
    )
    return analysed_image(
        manifest=manifest_of(BOXES), found=Detection(detections=found), confidence=(), **others
    )
