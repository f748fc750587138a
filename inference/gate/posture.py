"""Does a CT lie in the patient as its header says? Upside-down volumes show by the table and by the spine.

What can be seen: the table on the wrong side of the body for the Patient Position, and the bone of an adult's
trunk in front instead of behind. What cannot: left exchanged for right, and head for feet; no anatomy is known
here. A volume cut to the body, or of a head or limb, may give no sign at all.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.gate.patient_axes import step_lengths, to_patient_axes
from inference.gate.sample import sampled

Voxels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

BODY, BONE, SOLID = -300.0, 250.0, -800.0
"""HU: from fat upwards; cortical and most spongy bone; foam of a table, and all that is more than air."""
LEAST_BONE, LEAST_TABLE = 0.003, 0.003
"""Shares of the body and of the field below which nothing is concluded."""
TRUNK_MM, TRUNK_FLATNESS = 250.0, 1.15
"""What is this wide, and so much wider than deep, is a trunk: spine and shoulder blades lie behind, and no face
in front."""
BONE_IN_FRONT, TABLE_IN_FRONT = -0.05, -0.6
"""How far the bone's centre lies in front of the body's, of its depth; and how one-sided what is no body lies."""


def reasons_of_posture(
    voxels: Voxels, affine: npt.NDArray[np.float64], patient_position: str
) -> tuple[str, ...]:
    """Why the CT ``voxels`` (HU) seem to lie upside down in the patient; empty where nothing speaks for it.

    ``patient_position`` is as in (0018,5100), PS3.3 C.7.3.1.1.2: ``HFS``, ``FFP``; a decubitus says nothing.
    """
    turned = to_patient_axes(voxels, affine)
    seen = sampled(turned)
    body = _largest(seen > BODY)
    if not body.any():
        return ()
    _, deep, wide = step_lengths(affine) * (np.array(turned.shape) / seen.shape)
    is_trunk = _extent(body, 2) * wide > max(TRUNK_MM, TRUNK_FLATNESS * _extent(body, 1) * deep)
    return (*_of_bone(seen, body, is_trunk=is_trunk), *_of_table(seen, body, patient_position))


def _of_bone(seen: Voxels, body: Mask, *, is_trunk: bool) -> Iterator[str]:
    bone = body & (seen > BONE)
    if not is_trunk or bone.sum() < LEAST_BONE * body.sum():
        return
    if (_depth(bone) - _depth(body)) / _extent(body, 1) < BONE_IN_FRONT:
        yield "the bone lies in front of the middle of the body: the volume looks upside down"


def _of_table(seen: Voxels, body: Mask, patient_position: str) -> Iterator[str]:
    expected = {"S": 1, "P": -1}.get(patient_position[2:3])
    # What runs along the whole table is there in every slice; blankets, cables and arms are not.
    beside = (seen > SOLID).mean(axis=0) > 0.9
    beside &= ~ndimage.binary_dilation(body.any(axis=0), iterations=2)
    if expected is None or beside.sum() < LEAST_TABLE * beside.size:
        return
    middle = _depth(body)
    one_sided = float(np.sign(np.flatnonzero(beside.ravel()) // beside.shape[1] - middle).mean())
    if expected * one_sided < TABLE_IN_FRONT:
        side = "in front of" if expected > 0 else "behind"
        yield f"the table lies {side} the patient, against the Patient Position {patient_position}"


def _largest(mask: Mask) -> Mask:
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    found: Mask = labels == sizes.argmax()
    return found


def _extent(mask: Mask, axis: int) -> int:
    touched = np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis})))
    return int(touched[-1] - touched[0] + 1)


def _depth(mask: Mask) -> float:
    """Mean index from front to back."""
    profile = mask.sum(axis=(0, 2))
    return float((profile * np.arange(len(profile))).sum() / profile.sum())
