"""The labelled images of a data folder, and which patients are kept for validation."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

VALIDATION_SHARE = 0.22


@dataclass(frozen=True, kw_only=True)
class Example:
    """One image with its mask; ``projection`` is 'ap' or 'pa', ``sex`` 'f' or 'm'."""

    image: Path
    mask: Path
    patient_id: str
    projection: str
    sex: str


@dataclass(frozen=True, kw_only=True)
class Split:
    """No patient is on both sides."""

    training: tuple[Example, ...]
    validation: tuple[Example, ...]


def read_labels(folder: Path) -> tuple[Example, ...]:
    """Every entry of ``folder/labels.json`` that names a lung mask.

    Raises FileNotFoundError where an image or mask named there is missing: nothing is left out in silence.
    """
    entries = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    examples = tuple(_example(folder, entry) for entry in entries if "lung_mask" in entry)
    missing = [path.name for e in examples for path in (e.image, e.mask) if not path.is_file()]
    if missing:
        raise FileNotFoundError(f"labels.json names what {folder} does not hold: {', '.join(missing)}")
    return examples


def split_by_patient(examples: Sequence[Example], seed: int) -> Split:
    """Keep about ``VALIDATION_SHARE`` of the patients for validation, drawn within each kind of patient.

    A kind is sex and whether any image is PA, so that both sexes and both projections are validated.
    The same seed gives the same split, whatever the order of ``examples``.
    """
    rng = np.random.default_rng(seed)
    kept: set[str] = set()
    for patients in _patients_by_kind(examples):
        count = max(1, round(VALIDATION_SHARE * len(patients)))
        kept.update(patients[k] for k in rng.permutation(len(patients))[:count])
    ordered = sorted(examples, key=lambda example: (example.patient_id, example.image.name))
    return Split(
        training=tuple(e for e in ordered if e.patient_id not in kept),
        validation=tuple(e for e in ordered if e.patient_id in kept),
    )


def _example(folder: Path, entry: dict[str, str]) -> Example:
    return Example(
        image=folder / "images" / entry["image"],
        mask=folder / "lung_masks" / entry["lung_mask"],
        patient_id=entry["patient_id"],
        projection=entry["projection"],
        sex=entry["sex"],
    )


def _patients_by_kind(examples: Sequence[Example]) -> list[list[str]]:
    with_pa = {example.patient_id for example in examples if example.projection == "pa"}
    kinds: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for example in examples:
        kinds[example.sex, example.patient_id in with_pa].add(example.patient_id)
    return [sorted(kinds[kind]) for kind in sorted(kinds)]
