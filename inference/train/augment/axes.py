"""Which axis of an image or a volume a recipe means."""

from inference.errors import TrainingRefused

_NAMES = ("slices", "rows", "columns")


def number_of(axis: str, shape: tuple[int, ...]) -> int:
    """Raises TrainingRefused for the slices of an image, which has none."""
    number = _NAMES.index(axis) - (3 - len(shape))
    if number < 0:
        raise TrainingRefused(f"[[augment]] names the {axis} of a 2-D image; name rows or columns")
    return number


def require_image(shape: tuple[int, ...], step: str) -> None:
    """Raises TrainingRefused for a volume."""
    if len(shape) != 2:
        raise TrainingRefused(f"[[augment]] step '{step}' is for 2-D images; leave it out for volumes")
