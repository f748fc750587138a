"""How the grey values of an image become what is seen, stated for a presentation state (PS3.3 C.11.1, C.11.8, C.11.6).

A presentation state takes the place of all the image says of this, so it must say it as well: rescale, window, and
whether small values are bright.
"""

from collections.abc import Sequence
from typing import Any

import highdicom as hd
from highdicom import pr
from pydicom.dataset import Dataset

from inference.encode.analysed import Analysed, Projection
from inference.encode.picture import Window, window_of
from inference.volume.attributes import number, numbers, word
from inference.volume.volume import Volume

Shown = tuple[Dataset, int | None]
"""An image, and its frame (from 1) where it has several."""
_THINNED = 8


def has_linear_shading(images: Sequence[Shown]) -> bool:
    """Whether one rescale holds for all of them: a presentation state states one, and no table is copied into it."""
    has_table = any("ModalityLUTSequence" in image for image, _ in images)
    return not has_table and len({_rescale(*each) for each in images}) == 1


def shading(analysed: Analysed, image: Dataset, frame: int | None) -> dict[str, Any]:
    """What highdicom is given of it, for images that are shaded as this one is."""
    slope, intercept = _rescale(image, frame)
    low, high = _window(analysed, image)
    shape = "INVERSE" if _is_inverted(analysed) else "IDENTITY"
    return {
        "modality_lut_transformation": hd.ModalityLUTTransformation(
            rescale_intercept=intercept,
            rescale_slope=slope,
            rescale_type="HU" if word(analysed.header, "Modality") == "CT" else "US",
        ),
        "voi_lut_transformations": [
            pr.SoftcopyVOILUTTransformation(window_center=(low + high) / 2, window_width=max(high - low, 1.0))
        ],
        "presentation_lut_transformation": hd.PresentationLUTTransformation(presentation_lut_shape=shape),
    }


def _rescale(image: Dataset, frame: int | None) -> tuple[float, float]:
    """Rescale Slope and Intercept; 1 and 0 where the image has none, or none that is a number."""
    for holder in _holders(image, frame):
        slope, intercept = number(holder, "RescaleSlope"), number(holder, "RescaleIntercept")
        if slope and intercept is not None:
            return slope, intercept
    return 1.0, 0.0


def _holders(image: Dataset, frame: int | None) -> list[Dataset]:
    if frame is None:
        return [image]
    groups = [
        *image.PerFrameFunctionalGroupsSequence[frame - 1 : frame],
        *(image.get("SharedFunctionalGroupsSequence") or []),
    ]
    return [item for group in groups for item in group.get("PixelValueTransformationSequence") or []]


def _window(analysed: Analysed, image: Dataset) -> Window:
    """As the image states it; else all but the darkest and brightest of what is there."""
    centre, width = numbers(image, "WindowCenter"), numbers(image, "WindowWidth")
    if centre and width and width[0] >= 1:
        return centre[0] - width[0] / 2, centre[0] + width[0] / 2
    if _is_inverted(analysed):
        return _of_all_that_can_be_stored(analysed, image)
    source = analysed.source
    if isinstance(source, Volume):
        return window_of(source.voxels[::_THINNED, ::_THINNED, ::_THINNED])
    return window_of(source.pixels) if isinstance(source, Projection) else (0.0, 1.0)


def _of_all_that_can_be_stored(analysed: Analysed, image: Dataset) -> Window:
    """Pixels were inverted on reading, so what is bright in them is not known of the stored ones."""
    bits, is_signed = (
        number(analysed.header, "BitsStored") or 16,
        number(analysed.header, "PixelRepresentation"),
    )
    slope, intercept = _rescale(image, None)
    low = -(2.0 ** (bits - 1)) if is_signed else 0.0
    return slope * low + intercept, slope * (low + 2.0**bits - 1) + intercept


def _is_inverted(analysed: Analysed) -> bool:
    return word(analysed.header, "PhotometricInterpretation") == "MONOCHROME1"
