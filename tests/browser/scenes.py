"""The scenes, each with what is hard about it for a viewer; sources and findings are made by code."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.uid import DigitalMammographyXRayImageStorageForPresentation

from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed, Instances, Projection, Refusal
from inference.encode.encoding import Encoding
from inference.volume.spacing import spacing_of
from tests.browser.packages import lesion_manifest, lungs_manifest
from tests.browser.scene import Scene
from tests.model_package import phantom
from tests.projection_image import projection_image, write
from tests.unit.inference.encode.given import (
    analysed_boxes,
    analysed_classes,
    analysed_image,
    analysed_volume,
    label_phantom,
    read_phantom,
)

SHAPE = (24, 96, 80)
MAMMOGRAM: dict[str, object] = {
    "SOPClassUID": DigitalMammographyXRayImageStorageForPresentation,
    "Modality": "MG",
    "ImageLaterality": "L",
    "ViewPosition": "CC",
    "BodyPartExamined": "BREAST",
    "PatientOrientation": ["A", "L"],
    "ImagerPixelSpacing": [0.1, 0.1],
}


def two_lungs(folder: Path) -> list[Analysed]:
    """641 x 523: the second frame of a segmentation would not begin on a byte."""
    sure = (("Left lung", 0.987), ("Right lung", 0.654))
    confidence = tuple(Confidence(label=label, certainty=each, kind="soft_dice") for label, each in sure)
    return [_image(folder, rows=641, columns=523, manifest=lungs_manifest(), confidence=confidence)]


def _image(folder: Path, *, rows: int, columns: int, **given: Any) -> Analysed:
    attributes = {key: given.pop(key) for key in list(given) if key[0].isupper()}
    header, (pixels, layers) = (
        projection_image(rows=rows, columns=columns, **attributes),
        phantom(rows, columns),
    )
    write(header, folder / "image.dcm")
    source = Projection(header=header, pixels=pixels, spacing=spacing_of(header))
    return analysed_image(source=source, **{"labels": layers, **given})


def _mammogram(folder: Path) -> list[Analysed]:
    """No place in the patient, and both segments in one instance: 512 x 400 is a multiple of eight."""
    return [_image(folder, rows=512, columns=400, **MAMMOGRAM)]


def _overlapping(folder: Path) -> list[Analysed]:
    _, layers = phantom(512, 400)
    layers[100:300, 50:250, 1] = 1
    return [_image(folder, rows=512, columns=400, labels=layers)]


def _kept(make: Callable[..., Analysed], **given: Any) -> Callable[[Path], Sequence[Analysed]]:
    def kept(folder: Path) -> list[Analysed]:
        analysed = make(**given)
        write(analysed.header, folder / "image.dcm")
        return [analysed]

    return kept


def _organs(segments: int, **source: Any) -> Callable[[Path], Sequence[Analysed]]:
    def organs(folder: Path) -> list[Analysed]:
        volume = read_phantom(folder, SHAPE, **source)
        return [analysed_volume(volume, label_phantom(*SHAPE, segments=segments))]

    return organs


def _organs_and_lesion(folder: Path) -> list[Analysed]:
    """Three organs by one model, and by another a lesion half inside the first: two instances over each other."""
    volume = read_phantom(folder, SHAPE)
    organs = label_phantom(*SHAPE, segments=3)
    lesion = np.zeros_like(organs)
    lesion[2:9, 10:30, 0:9] = 1
    assert (organs[lesion > 0] > 0).any() and not (organs[lesion > 0] > 0).all()
    return [analysed_volume(volume, organs), analysed_volume(volume, lesion, manifest=lesion_manifest())]


def _refused(folder: Path) -> list[Analysed]:
    analysed = analysed_image()
    write(analysed.header, folder / "image.dcm")
    reasons = ("the lungs are cut off",)
    refusal = analysed_image(
        source=Instances(headers=analysed.headers), found=Refusal(reasons=reasons), measured=()
    )
    return [refusal]


MASKS = np.zeros((3, 14, 14), np.float32)
MASKS[:, 2:12, 3:9] = 1

SCENES = (
    Scene(name="two lungs on a radiograph of odd size", make=two_lungs, segmentations=2),
    Scene(name="mammogram", make=_mammogram, segmentations=1),
    Scene(name="segments that overlap on one image", make=_overlapping, segmentations=2),
    Scene(name="three organs and a lesion over one of them", make=_organs_and_lesion, segmentations=2),
    Scene(name="twenty segments", make=_organs(20), segmentations=1),
    Scene(
        name="so many frames and no more", make=_organs(4), segmentations=4, encoding=Encoding(most_frames=9)
    ),
    Scene(name="tilted series", make=_organs(4, step=(0, 0.9, 2.0)), segmentations=1),
    Scene(
        name="sagittal series",
        make=_organs(4, orientation=(0, 1, 0, 0, 0, -1), step=(1.5, 0, 0)),
        segmentations=1,
    ),
    Scene(
        name="frame of reference for each slice", make=_organs(4, FrameOfReferenceUID=None), segmentations=1
    ),
    Scene(name="enhanced multi-frame", make=_organs(4, is_enhanced=True), segmentations=1),
    Scene(
        name="BINARY, deflated", make=_organs(4), segmentations=1, encoding=Encoding(compression="deflated")
    ),
    Scene(name="LABELMAP", make=_organs(4), segmentations=1, encoding=Encoding(form="LABELMAP")),
    *(
        Scene(
            name=f"LABELMAP, {compression}",
            make=_organs(4),
            segmentations=1,
            encoding=Encoding(form="LABELMAP", compression=compression),
        )
        for compression in ("RLE", "JPEG-LS", "deflated")
    ),
    Scene(name="boxes", make=_kept(analysed_boxes), segmentations=0),
    Scene(name="boxes with masks", make=_kept(analysed_boxes, masks=MASKS), segmentations=2),
    Scene(
        name="classification",
        make=_kept(analysed_classes),
        segmentations=0,
        sentences=(
            "Signs of a pneumothorax (probability 87.6 %, threshold 50.0 %).",
            "Effusion was not found (probability 12.3 %, threshold 50.0 %).",
            "For research only: not a medical device, not for diagnosis.",
        ),
    ),
    Scene(
        name="nothing found",
        make=_kept(analysed_image, labels=np.zeros((121, 83, 2), np.uint8)),
        segmentations=0,
        sentences=("Nothing was found.",),
    ),
    Scene(
        name="refused by the gate",
        make=_refused,
        segmentations=0,
        sentences=("The model gave no result for these images.", "The lungs are cut off."),
    ),
)
