"""In how many pieces a segment is."""

from inference.measure.subject import Subject


def count(subject: Subject) -> float | None:
    """Number of connected parts; voxels are connected along slices, rows and columns, not diagonally."""
    return float(len(subject.parts.voxels))
