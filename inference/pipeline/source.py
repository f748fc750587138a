"""What comes in: read, and judged before the model sees any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.encode.analysed import Projection
from inference.errors import InputUnreadable
from inference.gate.blank import reason_blank
from inference.gate.header import reasons_to_refuse
from inference.gate.judge import judge_headers, judge_volume
from inference.gate.judgement import Judgement
from inference.package.manifest import Manifest
from inference.pipeline.stopwatch import Stopwatch
from inference.preprocess.field import Field
from inference.volume.header import read_header
from inference.volume.instance import read_instance
from inference.volume.pixels import read_pixels
from inference.volume.series import read_volume
from inference.volume.spacing import spacing_of
from inference.volume.volume import Volume


@dataclass(frozen=True, kw_only=True)
class Source:
    """An image or a volume that was let in, with what the gate flagged, and ``notes`` of what was put right."""

    source: Projection | Volume
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        """What preprocessing starts from."""
        if isinstance(self.source, Volume):
            return Field(values=self.source.voxels, affine=self.source.affine)
        return Field(values=self.source.pixels, affine=None)

    @property
    def pixel_mm2(self) -> float | None:
        """The area of an image's pixel, where it is known."""
        if isinstance(self.source, Volume) or self.source.spacing is None:
            return None
        return self.source.spacing.pixel_area_mm2


def read_source(manifest: Manifest, paths: Sequence[Path], watch: Stopwatch) -> Source | Judgement:
    """The input, or the judgement that refused it. Raises InputUnreadable, GeometryRefused."""
    if manifest.input.each == "series":
        return _read_series(manifest, paths, watch)
    return _read_projection(manifest, paths, watch)


def _read_projection(manifest: Manifest, paths: Sequence[Path], watch: Stopwatch) -> Source | Judgement:
    with watch.station("load"):
        instance = read_instance(_only(paths))
        header = read_header(instance)
    with watch.station("gate"):
        judgement = Judgement(refusals=reasons_to_refuse(header, manifest.gate))
        judgement += judge_headers([instance], manifest.input)
    if judgement.refusals:
        return judgement
    with watch.station("load"):
        pixels = read_pixels(instance)
    with watch.station("gate"):
        blank = reason_blank(pixels)
    if blank:
        return Judgement(refusals=(blank,))
    projection = Projection(header=instance, pixels=pixels, spacing=spacing_of(instance))
    return Source(source=projection, flags=judgement.flags)


def _read_series(manifest: Manifest, paths: Sequence[Path], watch: Stopwatch) -> Source | Judgement:
    with watch.station("load"):
        volume = read_volume(paths)
    with watch.station("gate"):
        judgement = judge_headers(volume.sources, manifest.input) + judge_volume(volume, manifest.gate)
    if judgement.refusals:
        return judgement
    return Source(source=volume, flags=judgement.flags, notes=volume.notes)


def _only(paths: Sequence[Path]) -> Path:
    if len(paths) != 1:
        raise InputUnreadable(f"one analysis reads one instance; {len(paths)} were given")
    return paths[0]
