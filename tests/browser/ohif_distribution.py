"""The viewer OHIF as its makers publish it: one pinned version, known by its hash, kept outside of the repository.

``python -m tests.browser.ohif_distribution`` fetches it with npm, from whichever registry npm is set up for.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "@ohif/app", "3.13.2"
SHA512 = (
    "5997719a9986eeba85816f5924b71b82bdd70ad2e2d4a0cd3e831a798e4f3dee"
    "a3e06e1f8c48e393271933a0ba664d85f3b04ac457e9abe8dde715d907d13c10"
)
SECONDS = 600


class NotThere(Exception):
    """The viewer is neither kept on this machine nor to be had; the sentence says what to do."""


def ohif_distribution() -> Path:
    """The folder of the built viewer, with its ``index.html``; fetched where it is not kept yet. Raises NotThere."""
    kept = _cache() / f"ohif-app-{VERSION}"
    if not (kept / "index.html").is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _unpack(_fetched(Path(folder)), kept)
    return kept


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "dicom-node-tests"


def _fetched(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NotThere(
            f"{PACKAGE} is not here, and npm, which would fetch it, is not installed: apt-get install npm"
        )
    words = [npm, "pack", "--loglevel=error", f"{PACKAGE}@{VERSION}"]
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NotThere(f"npm did not fetch {PACKAGE} {VERSION} within {SECONDS} s; try again") from None
    packed = list(folder.glob("*.tgz"))
    if done.returncode or len(packed) != 1:
        raise NotThere(
            f"npm cannot fetch {PACKAGE} {VERSION}; is there a way to its registry (npm ping)?{_said(done.stderr)}"
        )
    return packed[0]


def _said(stderr: bytes) -> str:
    """The kind of npm's error alone: its sentences hold addresses."""
    codes = [line.split()[-1] for line in stderr.decode("utf-8", "replace").splitlines() if " code E" in line]
    return f" It says {codes[0]}." if codes else ""


def _unpack(packed: Path, kept: Path) -> None:
    """Whole or not at all: the folder gets its name when all of it is there."""
    found = hashlib.sha512(packed.read_bytes()).hexdigest()
    if found != SHA512:
        raise NotThere(
            f"what npm fetched is not {PACKAGE} {VERSION} as it was pinned: its SHA-512 begins {found[:16]}, "
            f"not {SHA512[:16]}; nothing of it was unpacked"
        )
    with tarfile.open(packed) as archive:
        archive.extractall(packed.parent, filter="data")
    shutil.rmtree(kept, ignore_errors=True)
    (packed.parent / "package" / "dist").rename(kept)


if __name__ == "__main__":
    try:
        ohif_distribution()
    except NotThere as error:
        sys.exit(f"viewer-test: {error}")
