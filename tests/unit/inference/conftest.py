from pathlib import Path

import pytest

from inference.package.manifest import Manifest, read_manifest
from tests.model_package import MANIFEST, build_package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model package; copy it before changing it."""
    return build_package(tmp_path_factory.mktemp("packages") / "shades-1.2.3")


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """The manifest of that package, without building its network."""
    (tmp_path / "model.toml").write_text(MANIFEST, encoding="utf-8")
    return read_manifest(tmp_path)
