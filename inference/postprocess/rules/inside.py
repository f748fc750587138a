"""What lies inside another structure lies there: a tumour in its organ."""

import numpy as np
import numpy.typing as npt

from inference.package.rules import Inside
from inference.postprocess.rules.scene import Breach, Scene, breach_of_parts
from inference.volume.connected import Parts, meetings, parts_of
from inference.volume.runs import Runs

Shares = npt.NDArray[np.float64]


def inside(scene: Scene, rule: Inside) -> Breach | None:
    """Fires for the parts of ``rule.segment`` that are inside ``rule.others`` by less than ``rule.share``.

    In an image that is the share of the part's pixels that the others have as well. In a volume no voxel has
    two labels: there it is the share of the part's surface, in mm2, that borders the others. The border of the
    volume counts for neither.
    """
    runs = scene.segments[rule.segment]
    others = [scene.segments[name] for name in rule.others]
    parts = parts_of(runs)
    shares = _of_surface(scene, runs, parts, others) if scene.is_volume else _of_pixels(runs, parts, others)
    measure = "of the surface borders it" if scene.is_volume else "of the pixels lie in it"
    what = f"not inside {' or '.join(rule.others)}, less than {rule.share:.0%} {measure}"
    return breach_of_parts(scene, rule.segment, parts, shares < rule.share, what)


def _of_pixels(runs: Runs, parts: Parts, others: list[Runs]) -> Shares:
    is_other = np.zeros(int(np.prod(runs.shape)), np.bool_)
    for other in others:
        is_other[other.flat] = True
    belongs_to = np.repeat(parts.number, runs.length)
    covered = np.bincount(belongs_to, weights=is_other[runs.flat], minlength=len(parts.voxels))
    return np.asarray(covered / parts.voxels)


def _of_surface(scene: Scene, runs: Runs, parts: Parts, others: list[Runs]) -> Shares:
    surface, border = np.zeros(len(parts.voxels)), np.zeros(len(parts.voxels))
    for axis, area in enumerate(_face_areas(scene)):
        outer = _faces_within_grid(runs, axis) - _faces_between(runs, runs, axis)
        shared = sum(_faces_between(runs, other, axis) for other in others)
        surface += area * np.bincount(parts.number, weights=outer, minlength=len(parts.voxels))
        border += area * np.bincount(parts.number, weights=shared, minlength=len(parts.voxels))
    # What fills the grid from end to end has no surface, and lies in nothing.
    return np.divide(border, surface, out=np.zeros_like(border), where=surface > 0)


def _face_areas(scene: Scene) -> tuple[float, ...]:
    """In mm2: a voxel's faces across slices, rows and columns."""
    along_slices, along_rows, along_columns = np.eye(3) if scene.affine is None else scene.affine[:3, :3].T
    pairs = ((along_rows, along_columns), (along_slices, along_columns), (along_slices, along_rows))
    return tuple(float(np.linalg.norm(np.cross(one, other))) for one, other in pairs)


def _faces_within_grid(runs: Runs, axis: int) -> npt.NDArray[np.float64]:
    """(runs,): faces of the run's voxels along one axis, those at the end of the grid left out."""
    if axis == 2:
        ends = (runs.columns == 0).astype(float) + (runs.columns + runs.length == runs.shape[2])
        return np.asarray(2.0 * runs.length - ends)
    index = (runs.slices, runs.rows)[axis]
    return np.asarray(runs.length * ((index > 0).astype(float) + (index < runs.shape[axis] - 1)))


def _faces_between(runs: Runs, others: Runs, axis: int) -> npt.NDArray[np.float64]:
    """(runs,): faces along one axis that the run's voxels have in common with voxels of ``others``."""
    here, _, after = meetings(runs, others, axis)
    _, there, before = meetings(others, runs, axis)
    faces = np.bincount(here, weights=after, minlength=len(runs.start))
    return np.asarray(faces + np.bincount(there, weights=before, minlength=len(runs.start)))
