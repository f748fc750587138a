"""The gate's questions in the order in which the pipeline can answer them: headers, then voxels, then greys."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from inference.gate.background import reason_inverted
from inference.gate.blank import reason_volume_blank, reasons_of_blank_slices
from inference.gate.envelope import reasons_outside
from inference.gate.facts import reasons_unfit
from inference.gate.grid import reasons_of_grid
from inference.gate.hounsfield import reasons_not_hounsfield
from inference.gate.judgement import Judgement
from inference.gate.layout import Affine, Floats, reasons_of_layout
from inference.gate.order import reasons_shuffled
from inference.gate.posture import reasons_of_posture
from inference.package.envelope import Envelope
from inference.package.input import Input
from inference.package.manifest import Gate
from inference.volume.volume import Volume


def judge_headers(headers: Sequence[Dataset], wanted: Input) -> Judgement:
    """The DICOM facts of every instance against ``[input]``; no pixel is needed."""
    return Judgement(refusals=reasons_unfit(headers, wanted))


def judge_volume(volume: Volume, gate: Gate) -> Judgement:
    """Grid, blankness, intensities and posture of a series as it was read, before any preprocessing.

    What ``read_volume`` raises as GeometryRefused is a refusal beside these.
    """
    voxels, header = volume.voxels, volume.sources[0]
    slices, rows, columns = voxels.shape
    refusals = reasons_of_grid((slices, rows, columns), volume.affine, gate)
    if blank := reason_volume_blank(voxels):
        return Judgement(refusals=(*refusals, blank))
    flags = (*reasons_of_blank_slices(voxels), *reasons_shuffled(voxels))
    if header.get("Modality") == "CT":
        refusals += reasons_not_hounsfield(voxels)
        flags += reasons_of_posture(voxels, volume.affine, str(header.get("PatientPosition") or ""))
    inverted = reason_inverted(voxels)
    return Judgement(refusals=refusals, flags=flags + ((inverted,) if inverted else ()))


def judge_prepared(values: Floats, affine: Affine | None, envelope: Envelope | None) -> Judgement:
    """The preprocessed (rows, columns) or (slices, rows, columns) ``values`` against the package's envelope."""
    return Judgement(flags=reasons_outside(values, envelope) + reasons_of_layout(values, affine, envelope))
