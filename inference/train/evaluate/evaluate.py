"""How good the packed model is on patients it has not seen, through the whole chain at the source's size."""

from collections.abc import Sequence

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.predict import Predictor
from inference.train.case import Case
from inference.train.evaluate.evaluation import Evaluation
from inference.train.evaluate.observe import observe
from inference.train.evaluate.summary import summarise
from inference.train.evaluate.tables import EvaluateTable


def evaluate(
    cases: Sequence[Case], manifest: Manifest, predictor: Predictor, table: EvaluateTable
) -> Evaluation:
    """Judge every case. Raises TrainingRefused where there is none, or where a label is of another task."""
    if not cases:
        raise TrainingRefused("there is no case to evaluate on; keep some patients for validation in [split]")
    return summarise([observe(case, manifest, predictor, table) for case in cases], manifest, table)
