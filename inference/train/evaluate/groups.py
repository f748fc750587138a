"""By which facts of the data figures are told apart."""

from collections.abc import Mapping, Sequence

from inference.errors import TrainingRefused
from inference.train.evaluate.tables import EvaluateTable

USUAL = ("device", "sex", "age", "projection")
"""Looked at where the recipe names none, as far as the data has them."""


def facts_told_apart(facts: Sequence[Mapping[str, str]], table: EvaluateTable) -> tuple[str, ...]:
    """The facts of ``table``, in its order; ``facts`` are those of each case.

    Raises TrainingRefused for a fact that the recipe names and no case has.
    """
    known = sorted({name for each in facts for name, value in each.items() if value})
    if table.by is None:
        return tuple(name for name in USUAL if name in known)
    for name in table.by:
        if name not in known:
            raise TrainingRefused(
                f"[evaluate] by names '{name}', which the data does not say; it says {', '.join(known) or 'nothing'}. "
                "Name it in [data] facts, or leave it out"
            )
    return table.by
