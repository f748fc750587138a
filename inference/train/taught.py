"""One member of the package is taught, or taken from where a killed run left it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import click
import keras

from inference.package.manifest import Manifest
from inference.train.ensemble import Member
from inference.train.learn.fit import FitResult, fit
from inference.train.learn.lesson import Lesson
from inference.train.learn.lessons import lesson_for
from inference.train.material import Material
from inference.train.recipe.read import Recipe

NOT_OF_TRAINING = {"calibrate", "evaluate", "golden", "ensemble", "envelope"}
"""Tables that may change between two runs without the weights becoming others."""


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A network that has learnt; by the validation side of ``material`` its best epoch was chosen."""

    member: Member
    lesson: Lesson
    result: FitResult
    material: Material


def teach(
    recipe: Recipe,
    manifest: Manifest,
    beside: Path,
    member: Member,
    found: Material,
    rough: Path,
    *,
    files: str = "",
) -> Taught:
    """Teach ``member`` what was ``found``; checkpoint and curves lie in ``rough``/member-<number>.

    ``files``: the ``fingerprint`` of those that are learnt from, by which a finished training is known again.
    """
    click.echo(
        f"member {member.number}: {len(member.split.training)} cases to learn from, "
        f"{len(member.split.validation)} to validate"
    )
    # Keras counts the names of layers on through a process; so each member's parts have the names that freeze names.
    keras.utils.clear_session()
    keras.utils.set_random_seed(member.seed)
    lesson = lesson_for(recipe, manifest, found.shape, beside)
    result = fit(
        lesson,
        lambda epoch: found.draw(member.seed, epoch),
        found.validation,
        recipe.fit,
        rough / f"member-{member.number}",
        seed=member.seed,
        key=training_key(recipe, manifest, member, files),
        start=recipe.network.start,
    )
    return Taught(member=member, lesson=lesson, result=result, material=found)


def training_key(recipe: Recipe, manifest: Manifest, member: Member, files: str) -> str:
    """SHA-256 (hex) of all that makes the weights what they are; ``files`` stands for images, labels and start."""
    sides = (member.split.training, member.split.validation)
    said = {
        "recipe": recipe.model_dump(mode="json", exclude=NOT_OF_TRAINING),
        "preprocess": [step.model_dump(mode="json") for step in manifest.preprocess],
        "predict": [manifest.predict.patch, manifest.predict.activation],
        "output": manifest.output.model_dump(mode="json"),
        "seed": member.seed,
        "files": files,
        "cases": [[case.name for case in side] for side in sides],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
