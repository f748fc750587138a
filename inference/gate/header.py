"""Reasons to refuse an image before a pixel of it is decoded."""

from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalIntraOralXRayImageStorageForProcessing,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)

from inference.package.manifest import Gate
from inference.volume.header import Header

LARGEST_PIXELS = 128 * 1024 * 1024
"""Four times the longest stitched radiograph; beyond it lies an attack or a fault, and the worker's memory."""

PROJECTIONS = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
    DigitalIntraOralXRayImageStorageForPresentation,
    DigitalIntraOralXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)
"""SOP classes of one plane without a place in the patient; a slice has one, and its results must keep it."""

_GRAYSCALE = ("MONOCHROME1", "MONOCHROME2")


def reasons_to_refuse(header: Header, gate: Gate) -> tuple[str, ...]:
    """Why this model cannot read this image; empty where it can. ``gate`` gives the smallest size allowed."""
    found = (
        _reason_not_a_projection(header),
        _reason_not_one_frame(header),
        _reason_not_grayscale(header),
        _reason_of_size(header, gate),
    )
    return tuple(reason for reason in found if reason)


def _reason_not_a_projection(header: Header) -> str | None:
    if header.sop_class_uid not in PROJECTIONS:
        return f"the instance is {UID(header.sop_class_uid).name}; the model reads projection images"
    return None


def _reason_not_one_frame(header: Header) -> str | None:
    if not header.has_pixels:
        return "the instance holds no Pixel Data"
    if header.frames != 1:
        return f"the image has {header.frames} frames; the model reads one"
    return None


def _reason_not_grayscale(header: Header) -> str | None:
    photometric = header.photometric_interpretation
    if photometric not in _GRAYSCALE or header.samples_per_pixel != 1:
        return f"the image is {photometric or 'of no Photometric Interpretation'}; the model reads grayscale"
    if header.bits_allocated not in (8, 16):
        return f"the image has {header.bits_allocated} Bits Allocated; the model reads 8 or 16"
    return None


def _reason_of_size(header: Header, gate: Gate) -> str | None:
    size = f"{header.rows} x {header.columns}"
    if header.rows < gate.smallest_rows or header.columns < gate.smallest_columns:
        return f"the image is {size}, smaller than {gate.smallest_rows} x {gate.smallest_columns}"
    if header.rows * header.columns > LARGEST_PIXELS:
        return f"the image is {size}, larger than {LARGEST_PIXELS} pixels"
    return None
