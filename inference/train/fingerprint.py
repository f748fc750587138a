"""Which files a training reads, and what state they are in: a corrected label makes it another training."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydicom.misc import is_dicom

from inference.errors import TrainingRefused
from inference.package.checksums import digest_of
from inference.train.recipe.network import Classifier, Network, Rcnn
from inference.train.sources.records import read_records, text_in
from inference.train.sources.tables import (
    DataTable,
    DicomAndSeg,
    DicomAndTable,
    ImagesAndMasks,
    ImagesAndTable,
    LabelVolumes,
    MaskFile,
)


def fingerprint(data: DataTable, folder: Path, network: Network, beside: Path) -> str:
    """SHA-256 (hex) of the files that ``data`` names below ``folder`` and of those that ``network`` begins from.

    Of data name, size and time of change count: reading ten thousand files again would take longer than is worth it.
    Of weights, which lie relative to ``beside``, the content does. Raises TrainingRefused where weights cannot be read,
    PackageInvalid for a package without its sums.
    """
    said = {"data": list(_states(folder, _files(data, folder))), "start": list(_starts(network, beside))}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _states(folder: Path, files: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for name in sorted({file.as_posix() for file in files}):
        try:
            state = (folder / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            continue  # of an input without a label; of others the source has told it
        yield name, state.st_size, state.st_mtime_ns


def _files(data: DataTable, folder: Path) -> Iterator[Path]:
    """Relative to ``folder``. Only those that belong to the data: checkpoints may lie below it, too."""
    match data:
        case LabelVolumes():
            yield from (path.relative_to(folder) for path in folder.rglob(data.pattern) if path.is_file())
        case DicomAndSeg():
            yield from _dicom(folder)
        case DicomAndTable():
            yield from _dicom(folder)
            yield from _named(data.table, _box_masks(data), folder)
        case ImagesAndMasks():
            masks = [_columns(segment) for segment in data.segment]
            yield from _named(data.table, [(data.images, data.image), *masks], folder)
        case ImagesAndTable():
            yield from _named(data.table, [(data.images, data.image), *_box_masks(data)], folder)


def _dicom(folder: Path) -> Iterator[Path]:
    return (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and is_dicom(path))


def _named(table: str, columns: Iterable[tuple[str, str]], folder: Path) -> Iterator[Path]:
    """The table itself, and what stands in its ``columns``, each with the folder in which those files lie."""
    yield Path(table)
    records = read_records(folder / table)
    for below, column in columns:
        yield from (Path(below, name) for record in records if (name := text_in(record, column)))


def _columns(mask: MaskFile) -> tuple[str, str]:
    return mask.folder, mask.mask


def _box_masks(data: DicomAndTable | ImagesAndTable) -> list[tuple[str, str]]:
    return [_columns(data.boxes.masks)] if data.boxes is not None and data.boxes.masks is not None else []


def _starts(network: Network, beside: Path) -> Iterator[str]:
    start = network.start
    if start.package is not None:
        yield digest_of(beside / start.package)
    backbone = network.backbone_weights if isinstance(network, Classifier | Rcnn) else None
    for name in (start.weights, backbone):
        if name is not None:
            yield _sum_of(beside / name)


def _sum_of(weights: Path) -> str:
    try:
        return hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as error:
        raise TrainingRefused(
            f"[network] names weights that cannot be read, {weights} ({error.strerror}); give a file, relative to the "
            "recipe"
        ) from None
