"""The draft model.toml with what training found out: written into its text, so that its comments stay."""

import json
import re
import tomllib
from collections.abc import Mapping

from inference.errors import TrainingRefused

_PREDICT = re.compile(r"^\[predict\][^\n]*\n", re.MULTILINE)

Figures = Mapping[str, float | int]


def with_prediction(text: str, found: Figures) -> str:
    """``text`` with the keys ``found`` in its ``[predict]``, which is added where it is not there.

    Raises TrainingRefused where the draft says one of them otherwise: what training finds out is not said before it.
    """
    declared = tomllib.loads(text).get("predict", {})
    for key, value in found.items():
        if key in declared and declared[key] != value:
            raise TrainingRefused(
                f"model.toml says [predict] {key} = {declared[key]}, the recipe makes it {value}; leave it out there"
            )
    new = {key: value for key, value in found.items() if key not in declared}
    if not new:
        return text
    lines = "".join(f"{key} = {value}\n" for key, value in new.items())
    if _PREDICT.search(text):
        return _PREDICT.sub(lambda heading: heading[0] + lines, text, count=1)
    return f"{text.rstrip()}\n\n[predict]\n{lines}"


def with_evaluation(text: str, figures: Figures) -> str:
    """``text`` with the table ``[model.evaluation]`` at its end."""
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in figures.items())
    heading = "# Through the whole chain, at the source's size, on patients kept out of training."
    return f"{text.rstrip()}\n\n{heading}\n[model.evaluation]\n{lines}"
