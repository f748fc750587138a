"""What the card may say of the training itself, beside the figures of the evaluation."""

from collections.abc import Sequence

from inference.train.recipe.read import Recipe
from inference.train.split import Split
from inference.train.taught import Taught

NOTES = (
    *("parameters", "members", "seed", "seeds", "epochs", "best_epochs", "steps", "batch"),
    *("training_cases", "training_patients", "envelope_inputs"),
)
"""The names that ``notes_of`` gives, known before anything is learnt."""


def notes_of(
    recipe: Recipe, sides: Split, taught: Sequence[Taught], envelope_inputs: int
) -> dict[str, float | int | str]:
    """Placeholders of card.md: parameters of one network, seeds, epochs, steps, batch, and who was learnt from."""
    return {
        "parameters": taught[0].lesson.network.count_params(),
        "members": len(taught),
        "seed": recipe.recipe.seed,
        "seeds": ", ".join(str(each.member.seed) for each in taught),
        "epochs": recipe.fit.epochs,
        "best_epochs": ", ".join(str(_best_epoch(each)) for each in taught),
        "steps": recipe.fit.steps,
        "batch": recipe.sampling.batch,
        "training_cases": len(sides.training),
        "training_patients": len({case.patient for case in sides.training}),
        "envelope_inputs": envelope_inputs,
    }


def _best_epoch(taught: Taught) -> int:
    scores = [epoch.score for epoch in taught.result.curve]
    return scores.index(max(scores)) + 1
