"""A recipe with one loss and another, on the same folds of patients and with the same budget, by several seeds.

``python -m tests.benchmarks.cross_validation RECIPE.toml --data FOLDER [--folds 5] [--seeds 0 1 2]
[--loss '{"kind": "focal"}' ...]``: for each loss (without one, the recipe's own) and seed the main figures over all
patients, then their mean and spread over the seeds. This is where the tables in the shipped cards come from.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from inference.package.manifest import Manifest, read_manifest
from inference.train.case import Case
from inference.train.cross_validate import cross_validate
from inference.train.evaluate.summary import summarise
from inference.train.losses.tables import LossTable
from inference.train.recipe.read import Recipe, read_recipe
from inference.train.sources import read_cases


def main() -> None:
    given = _arguments()
    recipe, manifest = read_recipe(given.recipe), read_manifest(given.recipe.parent)
    cases = read_cases(recipe.data, given.data)
    tables = [TypeAdapter(LossTable).validate_python(json.loads(text)) for text in given.loss] or [
        recipe.loss
    ]
    for table in tables:
        print(table.model_dump(exclude_none=True))
        tried = recipe.model_copy(update={"loss": table})
        _tell_spread([_figures(tried, manifest, cases, seed, given) for seed in given.seeds])


def _figures(
    recipe: Recipe, manifest: Manifest, cases: tuple[Case, ...], seed: int, given: argparse.Namespace
) -> dict[str, float]:
    seen = cross_validate(recipe, manifest, cases, count=given.folds, seed=seed, beside=given.recipe.parent)
    evaluation = summarise(seen, manifest, recipe.evaluate)
    print(f"seed {seed}:", json.dumps(dict(evaluation.figures)), flush=True)
    return dict(evaluation.figures)


def _tell_spread(figures: list[dict[str, float]]) -> None:
    for name in figures[0]:
        values = [each[name] for each in figures if name in each]
        print(
            f"  {name}: mean {np.mean(values):.4f}, from {min(values):.4f} to {max(values):.4f}", flush=True
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cross_validation", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--loss", nargs="+", default=[], help='tables as JSON, such as \'{"kind": "focal"}\'')
    return parser.parse_args()


if __name__ == "__main__":
    main()
