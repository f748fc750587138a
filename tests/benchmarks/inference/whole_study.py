"""A CT of 300 slices from files to SEG, SR and preview: what it costs beyond the network itself."""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.pipeline import LoadedModel, Outcome, analyse, load_model
from tests.benchmarks.inference.ratio import Ratio
from tests.labels_package import build_labels_package
from tests.unit.inference.volume.stacks import write_stack

SLICES, SIDE, PATCH = 300, 512, (16, 512, 512)
MOST_CPU_SECONDS = 3.0
ROUNDS = 3


def measure() -> list[Ratio]:
    """CPU seconds of one analysis, those inside the network taken off; the least of three."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = load_model(build_labels_package(folder / "labels", patch=PATCH, overlap=0.0, batch=1))
        paths = write_stack(folder / "series", _trunk(SLICES, SIDE), step=(0, 0, 1.0))
        model_seconds = _count(model)
        seconds = [
            _beyond(lambda: analyse(model, paths, now=datetime.now(UTC)), model_seconds)
            for _ in range(ROUNDS)
        ]
    return [
        Ratio(
            said=f"{SLICES} slices of {SIDE}², files to SEG, SR and preview, CPU-s beyond the network",
            measured=min(seconds),
            bar=MOST_CPU_SECONDS,
            detail=f"the network itself {model_seconds[-1]:.1f} CPU-s",
        )
    ]


def _beyond(run: Callable[[], Outcome], model_seconds: list[float]) -> float:
    model_seconds.append(0.0)
    began = time.process_time()
    outcome = run()
    seconds = time.process_time() - began
    assert [each.kind for each in outcome.results] == ["SEG", "SR"], outcome.reasons
    return seconds - model_seconds[-1]


def _count(model: LoadedModel) -> list[float]:
    """Have the CPU seconds of every call of the network added to the last number of the list."""
    seconds = [0.0]
    ensemble: Any = model.predictor._ensemble  # type: ignore[attr-defined]
    each = ensemble.each

    def counted(batch: npt.NDArray[np.float32]) -> Any:
        began = time.process_time()
        try:
            return each(batch)
        finally:
            seconds[-1] += time.process_time() - began

    ensemble.each = counted
    return seconds


def _trunk(slices: int, side: int) -> npt.NDArray[np.int16]:
    """Air, a body of water, and in it one organ (200 HU) with a spot (600 HU); stored values, 1000 above HU."""
    row, column = np.indices((side, side)) / side - 0.5
    plane = np.where(np.hypot(row, column * 0.8) < 0.35, 1000, 0)
    plane = np.where(np.hypot(row + 0.05, column - 0.1) < 0.12, 1200, plane)
    plane = np.where(np.hypot(row + 0.05, column - 0.1) < 0.03, 1600, plane)
    return np.repeat(plane[np.newaxis], slices, axis=0).astype(np.int16)
