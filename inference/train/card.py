"""card.md where the draft has none: what is known from the package itself, and what its author has to add."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.package.description import describe
from inference.package.envelope import read_envelope
from inference.package.manifest import Manifest


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


def _evaluation(manifest: Manifest) -> str:
    figures = manifest.model.evaluation
    return (
        ", ".join(f"{name} {value}" for name, value in figures.items()) or "none is declared in model.toml."
    )
