import shutil

import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.checksums import seal
from inference.pipeline import load_model
from tests.model_package import MANIFEST


def test_a_good_package_is_ready(package, model):
    assert (model.folder, model.manifest.model.name) == (package, "shades")
    assert len(model.digest) == 64
    assert model.envelope is not None


def _changed(package, tmp_path, change):
    folder = shutil.copytree(package, tmp_path / "copy")
    change(folder)
    return folder


def _refusal(folder):
    with pytest.raises(PackageInvalid) as caught:
        load_model(folder)
    return str(caught.value)


def test_sums_come_before_everything(package, tmp_path):
    folder = _changed(package, tmp_path, lambda f: (f / "model.toml").write_text("broken ["))
    assert "changed since the package was sealed" in _refusal(folder)


def _rewritten(package, tmp_path, old, new):
    folder = shutil.copytree(package, tmp_path / "copy")
    (folder / "model.toml").write_text(MANIFEST.replace(old, new))
    seal(folder)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("SCT.Lung", "SCT.Lungg", "did you mean 'SCT.Lung'"),
        ('output = "probabilities"', 'output = "maps"', "output is 'maps'"),
        ("channel = 1", "channel = 2", "not among the 2"),
        ("at_least = 0.5", "at_least = 0.0001", "labels overlap with the golden case"),
        ("columns = 128", "columns = 64", "golden case cannot be run"),
        ('[[postprocess]]\nstep = "threshold"', '[[postprocess]]\nstep = "treshold"', "postprocess"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(package, tmp_path, old, new, sentence):
    assert sentence in _refusal(_rewritten(package, tmp_path, old, new))


def test_other_weights_are_refused_by_the_golden_case(package, tmp_path):
    folder = shutil.copytree(package, tmp_path / "copy")
    with np.load(folder / "golden" / "case.npz") as case:
        arrays = {name: case[name].copy() for name in case}
    arrays["probabilities"][0, 0, 0] += 0.1
    np.savez(folder / "golden" / "case.npz", **arrays)
    seal(folder)
    assert "probabilities differ by 0.1" in _refusal(folder)
