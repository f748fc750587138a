"""A package after a change of its card or manifest: golden case and sums are written anew."""

from pathlib import Path

from inference.package.arrays import read_arrays
from inference.package.checksums import seal
from inference.package.golden import INPUT, affine_in, golden_path
from inference.package.manifest import read_manifest
from inference.predict import load_predictor
from inference.preprocess.field import Field
from inference.train.golden import write_golden_case


def reseal(folder: Path) -> str:
    """Write the golden case from its own input and the package's own model, then SHA256SUMS; returns the digest (hex).

    Whether what is sealed is good nobody asks here: ``check`` and a look at the results do. Raises PackageInvalid where
    manifest, model or golden case cannot be read.
    """
    manifest = read_manifest(folder)
    path = golden_path(folder)
    arrays = read_arrays(path, INPUT, may_lack=("affine",))
    field = Field(values=arrays["pixels"].astype("float32"), affine=affine_in(arrays, path))
    predictor = load_predictor(folder / "model", manifest.io, manifest.predict)
    write_golden_case(folder, field, manifest, predictor)
    return seal(folder)
