"""One study through one model: load, gate, preprocess, predict, postprocess, encode.

The stations in order, and nothing else; each is a room of this library.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydicom.config import disable_value_validation

from inference.confidence.soft_dice import soft_dice
from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.code import require_known_codes
from inference.encode.measurement import Measurement, measure
from inference.encode.preview import draw_preview
from inference.encode.region import regions_of
from inference.encode.rehearsal import rehearse
from inference.encode.results import encode_results
from inference.errors import InputUnreadable, PackageInvalid, PredictionFailed
from inference.gate.blank import reason_blank
from inference.gate.envelope import reasons_outside
from inference.gate.extent import reasons_unlikely
from inference.gate.header import reasons_to_refuse
from inference.package.checksums import verify_checksums
from inference.package.envelope import Envelope, read_envelope
from inference.package.golden import read_golden_case, reason_not_reproduced
from inference.package.manifest import Manifest, read_manifest
from inference.postprocess import postprocess
from inference.postprocess.restore_geometry import restore_geometry
from inference.predict import Predictor, load_predictor
from inference.preprocess import preprocess
from inference.volume.header import read_header
from inference.volume.instance import read_instance
from inference.volume.pixels import read_pixels
from inference.volume.spacing import spacing_of

__all__ = ["EncodedResult", "LoadedModel", "Measurement", "Outcome", "analyse", "load_model"]

STATIONS = ("load", "gate", "preprocess", "predict", "postprocess", "encode")

Image = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A package that passed every check; ``digest`` is the SHA-256 (hex) of its SHA256SUMS."""

    folder: Path
    manifest: Manifest
    digest: str
    predictor: Predictor
    envelope: Envelope | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one analysis.

    ``refused``: the gate kept the model from speaking, ``reasons`` say why, there is no result.
    ``flagged``: there are results, and ``reasons`` for a human to look. ``confidence`` is by segment label,
    0..1. ``seconds`` is wall time by station.
    """

    verdict: Literal["accepted", "flagged", "refused"]
    reasons: tuple[str, ...]
    results: tuple[EncodedResult, ...]
    preview_png: bytes | None
    confidence: dict[str, float]
    measurements: tuple[Measurement, ...]
    seconds: Mapping[str, float]


def load_model(folder: Path) -> LoadedModel:
    """Check a package in DESIGN's order and make it ready: sums, manifest, operations, signature, golden case.

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
        predictor=load_predictor(folder / "model", manifest.io),
    )
    labels = _golden_labels(model)
    rehearse(manifest, digest, labels)
    return model


def analyse(model: LoadedModel, sources: Sequence[Path], *, now: datetime) -> Outcome:
    """Take the instances at ``sources`` through the stations; ``now`` is the time the results will state.

    One projection image is one analysis. Raises InputUnreadable for a file that is no DICOM instance or whose
    pixels cannot be decoded, PredictionFailed where the device gave up.
    """
    # Values that are no dates, or too long, are the source's; pydicom would warn of them with the value.
    with disable_value_validation():
        return _analyse(model, sources, now)


def _analyse(model: LoadedModel, sources: Sequence[Path], now: datetime) -> Outcome:
    watch, manifest = Stopwatch(), model.manifest
    with watch.station("load"):
        source = read_instance(_only(sources))
        header = read_header(source)
    with watch.station("gate"):
        refusals = reasons_to_refuse(header, manifest.gate)
    if refusals:
        return _refused(refusals, watch)

    with watch.station("load"):
        pixels = read_pixels(source)
    with watch.station("gate"):
        blank = reason_blank(pixels)
    if blank:
        return _refused((blank,), watch)

    with watch.station("preprocess"):
        image, undos = preprocess(pixels, manifest.preprocess)
    with watch.station("predict"):
        maps = model.predictor(image)
    with watch.station("postprocess"):
        maps = _by_segment(restore_geometry(maps, undos), manifest)
        labels = postprocess(maps, manifest.postprocess)
        confidence = _confidence(maps, labels, manifest)
    with watch.station("gate"):
        flags = reasons_outside(image, model.envelope)
        flags += reasons_unlikely(labels, _names(manifest), manifest.gate)
    with watch.station("encode"):
        analysed = Analysed(
            source=source,
            manifest=manifest,
            digest=model.digest,
            labels=labels,
            regions=tuple(regions_of(labels[..., k]) for k in range(labels.shape[-1])),
            confidence=confidence,
            spacing=spacing_of(source),
            remarks=flags,
            now=now,
        )
        results = encode_results(analysed)
        preview = draw_preview(pixels, labels, manifest.output.segment)
        measurements = _measure(analysed)
    return Outcome(
        verdict="flagged" if flags else "accepted",
        reasons=flags,
        results=results,
        preview_png=preview,
        confidence=confidence,
        measurements=measurements,
        seconds=watch.seconds,
    )


class Stopwatch:
    """Adds up the wall seconds of each station; a station may be entered more than once."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STATIONS, 0.0)

    @contextmanager
    def station(self, name: str) -> Iterator[None]:
        """Count the time inside the ``with`` block to this station."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[name] += time.monotonic() - began

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds by station, so far."""
        return MappingProxyType(dict(self._seconds))


def _only(sources: Sequence[Path]) -> Path:
    if len(sources) != 1:
        raise InputUnreadable(f"one analysis reads one instance; {len(sources)} were given")
    return sources[0]


def _refused(reasons: tuple[str, ...], watch: Stopwatch) -> Outcome:
    return Outcome(
        verdict="refused",
        reasons=reasons,
        results=(),
        preview_png=None,
        confidence={},
        measurements=(),
        seconds=watch.seconds,
    )


def _by_segment(maps: Image, manifest: Manifest) -> Image:
    """Put the network's channels into the order of the manifest's segments."""
    return maps[..., [segment.channel for segment in manifest.output.segment]]


def _names(manifest: Manifest) -> tuple[str, ...]:
    return tuple(segment.label for segment in manifest.output.segment)


def _confidence(maps: Image, labels: Labels, manifest: Manifest) -> dict[str, float]:
    return {name: soft_dice(maps[..., k], labels[..., k]) for k, name in enumerate(_names(manifest))}


def _measure(analysed: Analysed) -> tuple[Measurement, ...]:
    output = analysed.manifest.output
    return tuple(
        measurement
        for segment, regions in zip(output.segment, analysed.regions, strict=True)
        for measurement in measure(segment.label, regions, output.measurement, analysed.spacing)
    )


def _golden_labels(model: LoadedModel) -> Labels:
    """What the model gives for its golden case, once that is what it should be."""
    case, manifest = read_golden_case(model.folder), model.manifest
    channels = case.probabilities.shape[-1]
    if any(segment.channel >= channels for segment in manifest.output.segment):
        raise PackageInvalid(f"a segment's channel is not among the {channels} of the golden case")
    image, undos = preprocess(case.pixels, manifest.preprocess)
    try:
        maps = model.predictor(image)
    except PredictionFailed as error:
        raise PackageInvalid(f"the golden case cannot be run: {error}") from error
    if maps.shape != case.probabilities.shape:
        raise PackageInvalid(f"the network gives {maps.shape}, the golden case {case.probabilities.shape}")
    labels = postprocess(_by_segment(restore_geometry(maps, undos), manifest), manifest.postprocess)
    if reason := reason_not_reproduced(case, maps, labels):
        raise PackageInvalid(f"the golden case is not reproduced: {reason}")
    return labels
