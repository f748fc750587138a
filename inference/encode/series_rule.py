"""How the series of results are numbered and named."""

from dataclasses import dataclass
from string import Formatter

FIELDS = ("model", "version", "kind", "source")


@dataclass(frozen=True, kw_only=True)
class SeriesRule:
    """Series Number is the source's x ``times`` + ``plus`` + the place of the kind: 1, 2 … SEG, 91 SR.

    With the default, results of series 3 are 301 and 391. ``description`` is ASCII in which ``{model}``,
    ``{version}``, ``{kind}`` and ``{source}`` (the source's own Series Description) stand for themselves. Raises
    ValueError for another name in braces.
    """

    times: int = 100
    plus: int = 0
    description: str = "{model} {version} {kind}"

    def __post_init__(self) -> None:
        """Refuse a description that cannot be filled in."""
        for _, name, form, conversion in Formatter().parse(self.description):
            if name is not None and (name not in FIELDS or form or conversion):
                known = ", ".join(f"{{{each}}}" for each in FIELDS)
                raise ValueError(f"{{{name}}} cannot be filled in; allowed are {known}")

    @property
    def words(self) -> tuple[str, ...]:
        """What UIDs are derived from: nothing for the default, so that there is one way to be it."""
        return () if self == DEFAULT_RULE else (f"{self.times} {self.plus}", self.description)


DEFAULT_RULE = SeriesRule()
