"""Turn a volume the way the network was taught to see the patient."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from inference.errors import GeometryRefused
from inference.package.steps import SAME_AXIS, Orient
from inference.preprocess.field import Affine, Field, Labels, Prepared, Values

PATIENT_AXES = "LPS"
"""Towards left, posterior and head patient coordinates grow (PS3.3 C.7.6.2.1.1)."""


def orient(field: Field, step: Orient) -> Prepared:
    """Permute and mirror the axes until columns, rows and slices run towards the sides ``step.to`` names.

    No voxel is interpolated. A tilted volume keeps its tilt: each of its axes counts as the patient axis it
    is nearest to. Raises GeometryRefused for a field that is no volume, or has no place in the patient.
    """
    if field.affine is None or field.values.ndim != 3:
        raise GeometryRefused("the package turns volumes in the patient ('orient'); this image is no volume")
    turn = _turn(field.affine, step.to)
    values = turn.there(field.values)
    return Prepared(field=Field(values=values, affine=_turned(field.affine, turn, values.shape)), undo=turn)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """New axis k is old axis ``axes[k]``; those of the new ones in ``mirrored`` run the other way."""

    axes: tuple[int, ...]
    mirrored: tuple[int, ...]

    def there(self, values: Values) -> Values:
        """The volume turned: a view, nothing is copied."""
        return np.flip(values.transpose(self.axes), self.mirrored)

    def maps(self, maps: Values) -> Values:
        """Maps (slices, rows, columns, channels) turned back."""
        return np.flip(maps, self.mirrored).transpose(*np.argsort(self.axes), 3)

    def labels(self, labels: Labels) -> Labels:
        """A label map turned back."""
        return np.flip(labels, self.mirrored).transpose(np.argsort(self.axes))

    def boxes(self, boxes: Values) -> Values:
        """Raises GeometryRefused: a box lies on an image, and images are not turned."""
        raise GeometryRefused(f"{len(boxes)} boxes lie on an image; the step 'orient' is for volumes")


def _turn(affine: Affine, to: str) -> Turn:
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    nearest = _nearest_axes(directions)
    wanted = [to[2], to[1], to[0]]  # slices, rows, columns
    patient = [PATIENT_AXES.index(SAME_AXIS.get(letter, letter)) for letter in wanted]
    axes = tuple(nearest[each] for each in patient)
    grows = [directions[p, a] > 0 for p, a in zip(patient, axes, strict=True)]
    mirrored = tuple(k for k, letter in enumerate(wanted) if grows[k] != (letter in PATIENT_AXES))
    return Turn(axes=axes, mirrored=mirrored)


def _nearest_axes(directions: npt.NDArray[np.float64]) -> tuple[int, ...]:
    """For each patient axis the axis of the volume that goes with it, all in all as near as can be."""
    # Rounded, so that halfway between two the first wins, on every machine.
    nearness = np.abs(directions).round(6)
    return max(permutations(range(3)), key=lambda axes: nearness[range(3), axes].sum())


def _turned(affine: Affine, turn: Turn, shape: tuple[int, ...]) -> Affine:
    inwards = np.zeros((4, 4))
    inwards[3, 3] = 1.0
    for new, old in enumerate(turn.axes):
        is_mirrored = new in turn.mirrored
        inwards[old, new] = -1.0 if is_mirrored else 1.0
        inwards[old, 3] = shape[new] - 1 if is_mirrored else 0.0
    return np.asarray(affine @ inwards)
