"""A package becomes a model that may be asked: checked in DESIGN's order, the golden case last."""

from dataclasses import dataclass
from pathlib import Path

from inference.encode.code import require_known_codes
from inference.encode.rehearsal import rehearse
from inference.package.checksums import verify_checksums
from inference.package.envelope import Envelope, read_envelope
from inference.package.manifest import Manifest, read_manifest
from inference.pipeline.reproduce import reproduce
from inference.predict import Predictor, load_predictor


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A package that passed every check; ``digest`` is the SHA-256 (hex) of its SHA256SUMS."""

    folder: Path
    manifest: Manifest
    digest: str
    predictor: Predictor
    envelope: Envelope | None


def load_model(folder: Path) -> LoadedModel:
    """Check a package and make it ready: sums, manifest, operations, signature, golden case.

    Raises PackageInvalid with the first reason why it is not what it should be.
    """
    digest = verify_checksums(folder)
    manifest = read_manifest(folder)
    require_known_codes(manifest)
    model = LoadedModel(
        folder=folder,
        manifest=manifest,
        digest=digest,
        envelope=read_envelope(folder),
        predictor=load_predictor(folder / "model", manifest.io, manifest.predict),
    )
    golden = reproduce(folder, manifest, model.predictor)
    rehearse(manifest, digest, golden.found)
    return model
