from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inference.encode.analysed import Analysed
from inference.package.manifest import Manifest
from inference.volume.volume import Volume
from tests.unit.inference.encode.given import COLUMNS, ROWS, analysed_image, read_phantom


@pytest.fixture
def analysed(manifest: Manifest) -> Callable[..., Analysed]:
    """What an encoder is given of an image; keywords with a capital letter are attributes of the source."""

    def make(*, manifest: Manifest = manifest, **others: object) -> Analysed:
        return analysed_image(manifest=manifest, **others)

    return make


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    """Five axial slices of a CT."""
    return read_phantom(tmp_path / "series")


@pytest.fixture
def empty_labels() -> np.ndarray:
    return np.zeros((ROWS, COLUMNS, 2), np.uint8)
