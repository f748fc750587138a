import numpy as np
import pytest

from inference.errors import PackageInvalid, PredictionFailed
from inference.package.manifest import read_manifest
from inference.pipeline.reproduce import reproduce
from inference.predict import load_predictor


@pytest.fixture
def parts(package):
    manifest = read_manifest(package)
    return package, manifest, load_predictor(package / "model", manifest.io, manifest.predict)


def test_a_package_gives_its_golden_case_again(parts):
    folder, manifest, predictor = parts
    given = reproduce(folder, manifest, predictor)
    with np.load(folder / "golden" / "case.npz") as case:
        assert np.array_equal(given.found.labels, case["labels"])
        assert given.maps == pytest.approx(case["probabilities"].astype(np.float32), abs=1e-2)


def test_another_network_under_the_same_manifest_is_found_out(parts):
    folder, manifest, predictor = parts
    with pytest.raises(PackageInvalid, match="the golden case is not reproduced"):
        reproduce(folder, manifest, _Turned(predictor))


def test_a_network_that_cannot_be_run_is_said_with_its_reason(parts):
    folder, manifest, _ = parts
    with pytest.raises(PackageInvalid, match="the golden case cannot be run: out of memory"):
        reproduce(folder, manifest, _Broken())


class _Turned:
    """The same network, its answer upside down."""

    def __init__(self, predictor) -> None:
        self._predictor = predictor
        self.combine = predictor.combine

    def each_member(self, image):
        return [maps[::-1] for maps in self._predictor.each_member(image)]


class _Broken:
    def each_member(self, image):
        raise PredictionFailed("out of memory")
