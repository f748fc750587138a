from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from inference.encode.analysed import Analysed
from inference.encode.region import regions_of
from inference.package.manifest import Manifest
from inference.volume.spacing import spacing_of
from tests.model_package import phantom
from tests.projection_image import projection_image

ROWS, COLUMNS = 121, 83
NOW = datetime(2026, 3, 4, 5, 6, 7, 890000, tzinfo=UTC)


@pytest.fixture
def analysed(manifest: Manifest) -> Callable[..., Analysed]:
    """What an encoder is given; keywords with a capital letter are attributes of the source."""

    def make(
        *, labels=None, now=NOW, digest="ab" * 32, manifest=manifest, remarks=(), **attributes
    ) -> Analysed:
        source = projection_image(rows=ROWS, columns=COLUMNS, **attributes)
        labels = phantom(ROWS, COLUMNS)[1] if labels is None else labels
        return Analysed(
            source=source,
            manifest=manifest,
            digest=digest,
            labels=labels,
            regions=tuple(regions_of(labels[..., k]) for k in range(labels.shape[-1])),
            confidence={"Dark": 0.987, "Grey": 0.654},
            spacing=spacing_of(source),
            remarks=remarks,
            now=now,
        )

    return make


@pytest.fixture
def empty_labels() -> np.ndarray:
    return np.zeros((ROWS, COLUMNS, 2), np.uint8)
