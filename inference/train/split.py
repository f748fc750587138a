"""Which patients are kept for validation: never an image of theirs is learnt from."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from inference.errors import TrainingRefused
from inference.package.declared import Declared
from inference.train.case import Case


class SplitTable(Declared):
    """``[split]``: about ``validation_share`` of the patients validate, drawn evenly within the strata.

    ``strata``: facts by which patients are told apart; one with several values counts for the rarest. Or the patients
    are said: ``validation_patients`` (and ``training_patients``; left out, all others), or ``by``, the fact that says
    training or validation.
    """

    validation_share: Annotated[float, Field(gt=0, lt=1)] = 0.22
    strata: tuple[str, ...] = ()
    validation_patients: tuple[str, ...] = ()
    training_patients: tuple[str, ...] = ()
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Split:
    """The two sides, each in the order of patient and name. Raises TrainingRefused where a patient is on both."""

    training: tuple[Case, ...]
    validation: tuple[Case, ...]

    def __post_init__(self) -> None:
        for name, side in (("learn", self.training), ("validate", self.validation)):
            if not side:
                raise TrainingRefused(
                    f"the split leaves nothing to {name} with; change [split] or add patients"
                )
        learnt_from = {case.patient: case.name for case in self.training}
        for case in self.validation:
            if case.patient in learnt_from:
                raise TrainingRefused(
                    f"{learnt_from[case.patient]} and {case.name} are of one patient, and on both sides of the split; "
                    "put all of a patient on one side"
                )


def split(cases: Sequence[Case], table: SplitTable, seed: int) -> Split:
    """Part ``cases`` by patient; the same seed gives the same split, whatever their order. Raises TrainingRefused."""
    if table.by is not None:
        return _as_the_data_says(cases, table.by)
    if table.validation_patients or table.training_patients:
        return _as_the_recipe_says(cases, table)
    rng, kept = np.random.default_rng(seed), set[str]()
    for patients in _patients_by_stratum(cases, table.strata):
        count = max(1, round(table.validation_share * len(patients)))
        kept.update(patients[k] for k in rng.permutation(len(patients))[:count])
    return _parted(cases, kept)


def folds(cases: Sequence[Case], count: int, table: SplitTable, seed: int) -> tuple[Split, ...]:
    """``count`` splits in which every patient validates once, evenly within the strata. Raises TrainingRefused."""
    rng = np.random.default_rng(seed)
    shuffled = [
        patients[k]
        for patients in _patients_by_stratum(cases, table.strata)
        for k in rng.permutation(len(patients))
    ]
    if len(shuffled) < count:
        raise TrainingRefused(f"{len(shuffled)} patients do not make {count} folds; ask for fewer")
    return tuple(_parted(cases, set(shuffled[number::count])) for number in range(count))


def _as_the_data_says(cases: Sequence[Case], by: str) -> Split:
    sides = {"training": list[Case](), "validation": list[Case]()}
    for case in _ordered(cases):
        side = case.facts.get(by, "")
        if side not in sides:
            raise TrainingRefused(f"{case.name}: its {by} is '{side}', but must be training or validation")
        sides[side].append(case)
    return Split(training=tuple(sides["training"]), validation=tuple(sides["validation"]))


def _as_the_recipe_says(cases: Sequence[Case], table: SplitTable) -> Split:
    training, validation = set(table.training_patients), set(table.validation_patients)
    if count := len(training & validation):
        raise TrainingRefused(
            f"[split] names {count} patients both in training_patients and validation_patients; "
            "leave each in one of them"
        )
    patients = {case.patient for case in cases}
    if count := len((training | validation) - patients):
        raise TrainingRefused(
            f"[split] names {count} patients that the data does not have; correct their keys"
        )
    training, validation = training or patients - validation, validation or patients - training
    ordered = _ordered(cases)
    return Split(
        training=tuple(case for case in ordered if case.patient in training),
        validation=tuple(case for case in ordered if case.patient in validation),
    )


def _parted(cases: Sequence[Case], kept: set[str]) -> Split:
    ordered = _ordered(cases)
    return Split(
        training=tuple(case for case in ordered if case.patient not in kept),
        validation=tuple(case for case in ordered if case.patient in kept),
    )


def _ordered(cases: Sequence[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.patient, case.name))


def _patients_by_stratum(cases: Sequence[Case], strata: Sequence[str]) -> list[list[str]]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    of_patients = [_rarest_values(cases, fact) for fact in strata]
    for patient in sorted({case.patient for case in cases}):
        found[tuple(values[patient] for values in of_patients)].append(patient)
    return [found[stratum] for stratum in sorted(found)]


def _rarest_values(cases: Sequence[Case], fact: str) -> dict[str, str]:
    """The value of ``fact`` that each patient counts for."""
    values: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        if fact not in case.facts:
            raise TrainingRefused(
                f"{case.name} has no fact '{fact}'; name it in [data] facts, or leave it out of strata"
            )
        values[case.patient].add(case.facts[fact])
    patients_with = Counter(value for each in values.values() for value in each)
    return {
        patient: min(each, key=lambda value: (patients_with[value], value))
        for patient, each in values.items()
    }
