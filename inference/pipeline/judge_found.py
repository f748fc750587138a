"""What was found, judged by expert knowledge, measured, and doubted where it is unlikely."""

from dataclasses import dataclass

from inference.encode.analysed import Found, Projection, Segmentation
from inference.gate.extent import reasons_unlikely, reasons_volume_unlikely
from inference.measure import Measured, measure_image, measure_volume
from inference.package.manifest import Manifest
from inference.postprocess.rules import Firing, judge_image, judge_volume
from inference.volume.volume import Volume


@dataclass(frozen=True, kw_only=True)
class Judged:
    """``found`` without what the rules removed; ``flags``: why a human should look."""

    found: Found
    firings: tuple[Firing, ...] = ()
    measured: tuple[Measured, ...] = ()
    flags: tuple[str, ...] = ()


def judge_found(found: Found, source: Projection | Volume, manifest: Manifest) -> Judged:
    """Only segments have rules and measurements. Raises GeometryRefused where the source lacks a size they need."""
    if not isinstance(found, Segmentation):
        return Judged(found=found)
    if isinstance(source, Volume):
        return _judge_volume(found, source, manifest)
    return _judge_image(found, source, manifest)


def _judge_volume(found: Segmentation, source: Volume, manifest: Manifest) -> Judged:
    names, output = manifest.output.labels, manifest.output
    labels, firings = judge_volume(
        found.labels, manifest.rule, names=names, voxels=source.voxels, affine=source.affine
    )
    return Judged(
        found=Segmentation(labels=labels),
        firings=firings,
        measured=measure_volume(
            labels, output.measurement, names=names, voxels=source.voxels, affine=source.affine
        ),
        flags=reasons_volume_unlikely(labels, names, manifest.gate),
    )


def _judge_image(found: Segmentation, source: Projection, manifest: Manifest) -> Judged:
    names, output = manifest.output.labels, manifest.output
    pixel_mm2 = None if source.spacing is None else source.spacing.pixel_area_mm2
    layers, firings = judge_image(
        found.labels, manifest.rule, names=names, pixels=source.pixels, pixel_mm2=pixel_mm2
    )
    return Judged(
        found=Segmentation(labels=layers),
        firings=firings,
        measured=measure_image(
            layers, output.measurement, names=names, pixels=source.pixels, spacing=source.spacing
        ),
        flags=reasons_unlikely(layers, names, manifest.gate),
    )
