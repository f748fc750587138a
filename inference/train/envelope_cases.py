"""Whose inputs become the envelope: all that were learnt from, and those that ``[envelope]`` names beside them."""

from pathlib import Path

from inference.train.case import Case
from inference.train.recipe.envelope import EnvelopeTable
from inference.train.sources import read_cases
from inference.train.split import Split


def envelope_cases(table: EnvelopeTable | None, sides: Split, data: Path) -> tuple[Case, ...]:
    """The training cases of ``sides``, then those of ``table`` below ``data``, each once; none of a validation patient.

    Only that way do the validation patients show how many of those who are new are flagged. Raises TrainingRefused.
    """
    if table is None:
        return sides.training
    kept = {case.patient for case in sides.validation}
    known = {case.name for case in sides.training}
    others = (case for case in read_cases(table.data, data) if case.patient not in kept)
    return (*sides.training, *(case for case in others if case.name not in known))
