"""card.md: the author's own with its figures filled in, or one begun with what is known of the package itself."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from string import Template

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.package.declared import did_you_mean
from inference.package.description import describe
from inference.package.envelope import read_envelope
from inference.package.manifest import Manifest

EVALUATION = "evaluation"
"""The placeholder of all sentences of the evaluation, as a list."""


def require_known_names(draft: Path, figures: Collection[str]) -> None:
    """Raise TrainingRefused where ``draft`` cannot be read, or names what is none of ``figures``; before training."""
    template = _read(draft)
    if not template.is_valid():
        raise TrainingRefused(
            f"{draft} holds a dollar sign that begins no name; one of the text itself is written $$"
        )
    known = {*figures, EVALUATION}
    for name in template.get_identifiers():
        if name not in known:
            raise TrainingRefused(_no_figure(draft, name, known))


def fill_card(
    folder: Path, draft: Path, figures: Mapping[str, float | int | str], sentences: Sequence[str]
) -> None:
    """Write ``folder/card.md`` from ``draft``, in which ``$name`` stands for a figure, ``$evaluation`` for sentences.

    Raises TrainingRefused for a name of which nothing could be said. What was trained is kept in checkpoints until
    then.
    """
    template = _read(draft)
    shown = {
        name: f"{value:.3f}" if isinstance(value, float) else str(value) for name, value in figures.items()
    }
    shown[EVALUATION] = "\n".join(f"- {sentence}" for sentence in sentences)
    try:
        text = template.substitute(shown)
    except KeyError as error:
        sentence = _no_figure(draft, str(error.args[0]), shown)
        raise TrainingRefused(f"{sentence} and give the same command again: nothing is learnt anew") from None
    except ValueError as error:
        raise TrainingRefused(f"{draft}: {error}; a dollar sign of the text itself is written $$") from None
    (folder / "card.md").write_text(text, encoding="utf-8", newline="\n")


def write_card(
    folder: Path, manifest: Manifest, golden: Mapping[str, npt.NDArray[np.generic]], inputs: int
) -> None:
    """Write ``folder/card.md``; ``golden`` are the arrays of the golden case, ``inputs`` those of the envelope."""
    size = sum(path.stat().st_size for path in (folder / "model").rglob("*") if path.is_file())
    shape = " x ".join(str(length) for length in golden["pixels"].shape)
    lines = [
        f"# {manifest.model.name} {manifest.model.version}",
        "",
        manifest.model.intended_use,
        "",
        "## What it does",
        "",
        "```",
        *describe(manifest, read_envelope(folder)),
        "```",
        "",
        "## What it was packed from",
        "",
        f"- Network: {size / 1e6:.1f} MB in `model/`.",
        f"- Golden case: one input of {shape}, with {', '.join(sorted(set(golden) - {'pixels', 'affine'}))}.",
        f"- Envelope: {inputs} {'input' if inputs == 1 else 'inputs'}.",
        f"- Evaluation: {_evaluation(manifest)}",
        "",
        "## To be written by its author",
        "",
        "- Training data: where from, how many patients, which devices, under which licence.",
        "- Limits: who and what it was never shown.",
        "",
    ]
    (folder / "card.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _read(draft: Path) -> Template:
    try:
        return Template(draft.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingRefused(f"{draft} cannot be read ({error}); save it as UTF-8 text") from None


def _no_figure(draft: Path, name: str, known: Collection[str]) -> str:
    hint = did_you_mean(name, sorted(known)) or "."
    return (
        f"{draft} names ${name}, which is no figure of this training; known are {', '.join(sorted(known))}{hint} "
        "Correct it"
    )


def _evaluation(manifest: Manifest) -> str:
    figures = manifest.model.evaluation
    return (
        ", ".join(f"{name} {value}" for name, value in figures.items()) or "none is declared in model.toml."
    )
