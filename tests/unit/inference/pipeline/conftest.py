"""A loaded package, and one analysis with it."""

from datetime import UTC, datetime

import pytest

from inference.pipeline import analyse, load_model
from tests.projection_image import projection_image, write

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def model(package):
    return load_model(package)


@pytest.fixture
def run(model, tmp_path):
    def run(**attributes):
        return analyse(model, [write(projection_image(**attributes), tmp_path / "instance")], now=NOW)

    return run
