from types import SimpleNamespace

import numpy as np
import pytest

from inference.pipeline import answer as station
from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field


@pytest.fixture
def asked(monkeypatch):
    """Which station was asked, and with what the network would see."""
    seen = []
    for name in ("classify", "detect", "segment_image", "segment_volume"):
        monkeypatch.setattr(station, name, lambda _q, prepared, *_, name=name: seen.append((name, prepared)))
    return seen


def _ask(task: str, shape: tuple[int, ...]) -> None:
    affine = None if len(shape) == 2 else np.eye(4)
    manifest = SimpleNamespace(model=SimpleNamespace(task=task), preprocess=[])
    field = Field(values=np.ones(shape, np.float32), affine=affine)
    answer(Question(field=field, manifest=manifest, predictor=None), Stopwatch())


@pytest.mark.parametrize(
    ("task", "shape", "name"),
    [
        ("classification", (4, 4), "classify"),
        ("classification", (4, 4, 4), "classify"),
        ("detection", (4, 4), "detect"),
        ("segmentation", (4, 4), "segment_image"),
        ("segmentation", (4, 4, 4), "segment_volume"),
    ],
)
def test_each_task_and_kind_of_input_has_its_station(asked, task, shape, name):
    _ask(task, shape)
    ((found, prepared),) = asked
    assert found == name
    assert prepared.values.shape == shape
