"""SHA256SUMS: every file of a package, and nothing beside them.

The digest of a package is the SHA-256 of its SHA256SUMS: it changes when any byte of any file does.
"""

import hashlib
import re
from pathlib import Path, PurePosixPath

from inference.errors import PackageInvalid

CHECKSUMS = "SHA256SUMS"
LARGEST_CHECKSUMS_BYTES = 1024 * 1024

_LINE = re.compile(r"(?P<sum>[0-9a-f]{64})  (?P<name>[^\\\x00-\x1f]+)")


def verify_checksums(folder: Path) -> str:
    """Compare every file under ``folder`` with SHA256SUMS; return the package's digest (64 hex digits).

    Raises PackageInvalid for a file that is missing, extra or changed, for a symbolic link, and for a
    name that climbs out of the folder. Files are named by their path inside the package.
    """
    listed = _read(folder)
    found = _files_in(folder)
    _require(not (missing := sorted(listed.keys() - found)), f"{folder} lacks {_some(missing)}")
    _require(
        not (extra := sorted(found - listed.keys())), f"{folder} holds {_some(extra)}, not in {CHECKSUMS}"
    )
    changed = sorted(name for name, expected in listed.items() if _sum_of(folder / name) != expected)
    _require(not changed, f"{folder}: {_some(changed)} changed since the package was sealed; fetch it anew")
    return digest_of(folder)


def digest_of(folder: Path) -> str:
    """SHA-256 (hex) of SHA256SUMS: the package's identity, before anything else of it is checked.

    Raises PackageInvalid where the file is absent or too large to be one.
    """
    return hashlib.sha256(_bytes(folder)).hexdigest()


def seal(folder: Path) -> str:
    """Write SHA256SUMS for the files now under ``folder`` and return the digest; for those who build packages."""
    lines = [f"{_sum_of(folder / name)}  {name}\n" for name in sorted(_files_in(folder))]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
    return digest_of(folder)


def _read(folder: Path) -> dict[str, str]:
    try:
        lines = _bytes(folder).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise PackageInvalid(f"{folder / CHECKSUMS} is not UTF-8 text") from None
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise PackageInvalid(f"{folder / CHECKSUMS} line {number} is not '<sha256>  <file>'")
        listed[_inside(folder, match["name"])] = match["sum"]
    return listed


def _bytes(folder: Path) -> bytes:
    path = folder / CHECKSUMS
    _require(not path.is_symlink(), f"{path} is a symbolic link; a package holds plain files")
    if not path.is_file():
        raise PackageInvalid(f"{folder} holds no {CHECKSUMS}; a package is sealed when it is built")
    _require(path.stat().st_size <= LARGEST_CHECKSUMS_BYTES, f"{path} is too large to be a list of files")
    return path.read_bytes()


def _inside(folder: Path, name: str) -> str:
    path = PurePosixPath(name)
    climbs = path.is_absolute() or ".." in path.parts or str(path) != name
    _require(not climbs, f"{folder / CHECKSUMS} names '{name}', which is not a plain path inside the package")
    return name


def _files_in(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        _require(
            not path.is_symlink(), f"{folder} holds the symbolic link {name}; a package holds plain files"
        )
        _require(path.is_file() or path.is_dir(), f"{folder} holds {name}, which is no plain file")
        if path.is_file() and name != CHECKSUMS:
            found.add(name)
    return found


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise PackageInvalid(sentence)
