"""What is sent: data sets to be sent again and again under new UIDs, and files for storescu."""

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ingest.instance import CT_SLICE, SMALL, Uids, data_set, write_files
from tests.benchmarks.ingest.scale import Scale


@dataclass(frozen=True, kw_only=True)
class Material:
    """Made once for all rounds. Every receiver begins empty, so all may get the same files."""

    scale: Scale
    uids: Uids
    ct_slice: bytes
    small: bytes
    large: bytes
    probe_files: list[Path]
    files: list[Path]


def make_material(scale: Scale, folder: Path) -> Material:
    """Make it, with its files in ``folder``."""
    uids = Uids()
    return Material(
        scale=scale,
        uids=uids,
        ct_slice=data_set(CT_SLICE),
        small=data_set(SMALL),
        large=data_set(scale.large),
        probe_files=write_files(folder / "probe", CT_SLICE, uids, instances=scale.probe),
        files=write_files(folder / "files", CT_SLICE, uids, instances=scale.untuned),
    )
