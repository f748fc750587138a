"""A picture or a volume from a file that is no DICOM, as the field preprocessing starts from."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from inference.errors import TrainingRefused
from inference.preprocess.field import Field
from inference.train.sources.nifti import is_nifti, read_nifti

_WITHOUT_LUMINANCE = ("P", "PA", "RGBA", "RGBX", "LA", "La", "RGBa", "CMYK", "YCbCr", "HSV", "LAB")


def read_picture(path: Path) -> Field:
    """(rows, columns) float32 of a picture, colour become luminance; or a NIfTI volume with its affine.

    Raises TrainingRefused where the file cannot be read.
    """
    if is_nifti(path):
        return read_nifti(path)
    try:
        with Image.open(path) as picture:
            plain = picture.convert("RGB") if picture.mode in _WITHOUT_LUMINANCE else picture
            return Field(values=np.asarray(plain.convert("F"), np.float32), affine=None)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise TrainingRefused(
            f"{path} cannot be read as an image ({type(error).__name__}); replace it"
        ) from None
