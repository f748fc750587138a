from collections.abc import Callable

import numpy as np
import pytest

from inference.measure.subject import Subject
from inference.volume.runs import runs_of_mask

Build = Callable[..., Subject]

CUBES = np.eye(4)
FLAT = np.array([[0, 0, 0.5, -8], [0, 0.75, 0, 3], [2.0, 0, 0, 0], [0, 0, 0, 1]])
TILTED = np.array([[0, 0, 0.5, -8], [0.6, 0.75, 0, 3], [2.0, 0, 0, 0], [0, 0, 0, 1]])
OBLIQUE = np.array([[0.3, 0.1, 0.5, -8], [0.6, 0.75, -0.1, 3], [2.0, -0.2, 0.05, 0], [0, 0, 0, 1]])
GRIDS = {"cubes": CUBES, "anisotropic": FLAT, "tilted": TILTED, "oblique and tilted": OBLIQUE}


@pytest.fixture(params=GRIDS.values(), ids=GRIDS.keys())
def affine(request: pytest.FixtureRequest) -> np.ndarray:
    """Grids with cubes, without, with a gantry tilt, and with both and a turn."""
    return request.param


@pytest.fixture
def subject() -> Build:
    """A subject from a mask."""

    def build(mask: np.ndarray, affine: np.ndarray = CUBES, source: np.ndarray | None = None) -> Subject:
        mask = mask.reshape((-1, *mask.shape[-2:]))
        source = np.zeros(mask.shape, np.float32) if source is None else source
        return Subject(runs=runs_of_mask(mask), source=source.reshape(mask.shape), affine=affine)

    return build


@pytest.fixture
def ellipsoid() -> Callable[[np.ndarray, tuple[float, float, float]], np.ndarray]:
    """The voxels whose centre lies in an ellipsoid with these half axes (mm, left, posterior, head)."""

    def draw(affine: np.ndarray, half_axes_mm: tuple[float, float, float]) -> np.ndarray:
        shape = _large_enough(affine, half_axes_mm)
        index = np.moveaxis(np.indices(shape), 0, -1) - (np.array(shape) - 1) / 2
        return np.linalg.norm(index @ affine[:3, :3].T / half_axes_mm, axis=-1) <= 1

    return draw


def _large_enough(affine: np.ndarray, half_axes_mm: tuple[float, float, float]) -> tuple[int, ...]:
    corners = np.array(np.meshgrid(*[(-a, a) for a in half_axes_mm])).reshape(3, -1)
    reach = np.abs(np.linalg.inv(affine[:3, :3]) @ corners).max(axis=1)
    return tuple(2 * int(np.ceil(each)) + 3 for each in reach)
