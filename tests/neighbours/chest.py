"""Chest X-rays for tests: the real one of pydicom-data, whole or set into an asymmetric frame."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid


def real_chest_x_ray() -> Dataset:
    """RG1 of pydicom-data: CR, PA, MONOCHROME1, 15 bit, Pixel Spacing 0."""
    found = get_testdata_file("RG1_UNCR.dcm", read=False, download=False)
    if not found:
        pytest.skip("the sample is not installed: pip install pydicom-data")
    return dcmread(str(found))


def with_new_uids(source: Dataset) -> Dataset:
    """The same image as another study."""
    source.StudyInstanceUID = generate_uid()
    source.SeriesInstanceUID = generate_uid()
    source.SOPInstanceUID = source.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return source


def set_off_centre(source: Dataset, *, rows_above: int, columns_left: int) -> Dataset:
    """The image pushed down and to the right in a larger field of air, so that no flip maps it onto itself."""
    pixels = source.pixel_array
    air = pixels.max() if source.PhotometricInterpretation == "MONOCHROME1" else pixels.min()
    field = np.full((pixels.shape[0] + rows_above, pixels.shape[1] + columns_left), air, pixels.dtype)
    field[rows_above:, columns_left:] = pixels
    source.Rows, source.Columns = field.shape
    source.PixelData = field.tobytes()
    return source


def write(source: Dataset, folder: Path, name: str = "instance.dcm") -> Path:
    """Write it as a PS3.10 file."""
    path = folder / name
    source.save_as(path, enforce_file_format=True)
    return path
