"""The model packages named in the settings: their manifests, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dicom_node.errors import PackageUnusable
from inference.errors import PackageInvalid
from inference.package.checksums import verify_checksums
from inference.package.manifest import Manifest, read_manifest


@dataclass(frozen=True, kw_only=True)
class Package:
    """A model package whose manifest is in order; whether it is READY is for a worker to say."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """``[model] name``."""
        return self.manifest.model.name

    @property
    def version(self) -> str:
        """``[model] version``."""
        return self.manifest.model.version


@dataclass(frozen=True, kw_only=True)
class Packages:
    """What was found, and what was wrong with the rest, a sentence each."""

    usable: tuple[Package, ...]
    mistakes: tuple[str, ...]


def find_packages(folders: Iterable[Path]) -> Packages:
    """Read the manifest of every package in ``folders``; a folder is a package or holds some."""
    usable: dict[tuple[str, str], Package] = {}
    mistakes: list[str] = []
    for folder in folders:
        try:
            candidates = _candidates(folder)
        except PackageUnusable as error:
            mistakes.append(str(error))
            continue
        for candidate in candidates:
            try:
                package = Package(folder=candidate, manifest=read_manifest(candidate))
            except PackageInvalid as error:
                mistakes.append(str(error))
                continue
            twin = usable.setdefault((package.name, package.version), package)
            if twin is not package:
                mistakes.append(f"{candidate} has the name and version of {twin.folder}; it is left out")
    return Packages(usable=tuple(usable.values()), mistakes=tuple(mistakes))


def _candidates(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise PackageUnusable(f"{folder} is not a folder; correct [inference] packages")
    if (folder / "model.toml").exists():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/model.toml"))
    if not found:
        raise PackageUnusable(f"{folder} neither is nor holds a model package (a folder with a model.toml)")
    return found


def reason_package_changed(package: Package) -> str | None:
    """Why a package's files are not what its SHA256SUMS says, or None when they are."""
    try:
        verify_checksums(package.folder)
    except PackageInvalid as error:
        return str(error)
    return None
