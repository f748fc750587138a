"""``[ensemble]``: several networks of one recipe, whose mean is the package's answer."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from inference.package.declared import Declared

MOST_MEMBERS = 16
"""As ``[predict] members`` allows."""

Seed = Annotated[int, Field(ge=0)]


class EnsembleTable(Declared):
    """``[ensemble]``: either ``seeds``, one member each, or ``folds`` of the training patients, each left out once.

    Members of seeds differ in their start and their draws (Lakshminarayanan et al., NeurIPS 2017). A member of folds
    learns from all folds but one, and is scored on that one; the patients kept for validation are in no fold.
    """

    seeds: tuple[Seed, ...] = ()
    folds: Annotated[int, Field(ge=2, le=MOST_MEMBERS)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if bool(self.seeds) == (self.folds is not None):
            raise ValueError("name seeds or folds, one of them")
        if self.seeds and not 2 <= len(set(self.seeds)) == len(self.seeds) <= MOST_MEMBERS:
            raise ValueError(f"seeds are 2 to {MOST_MEMBERS} numbers, each another")
        return self

    @property
    def members(self) -> int:
        """How many networks come of it."""
        return self.folds or len(self.seeds)
