"""The spool on a local disk: temp name, fsync, rename, fsync of the folder."""

import errno
import fcntl
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from dicom_node.errors import SpoolFull, SpoolUnusable

BytesLike = bytes | memoryview
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskSpool:
    """The spool in ``folder``, made on first use. Safe between threads and processes.

    Raises SpoolUnusable when the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / "unfinished"
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SpoolUnusable(f"the spool {folder} cannot be written: {error.strerror}") from error

    def put(self, key: str, chunks: Iterable[BytesLike]) -> int:
        """Write a file under ``key``; when it returns, the file is whole and survives a power cut.

        An earlier file of that name is replaced. Returns its size in bytes. Raises SpoolFull when
        there is no room, SpoolUnusable on any other fault of the disk; then nothing has changed.
        """
        unfinished, final = self._unfinished / uuid.uuid4().hex, self.folder / key
        try:
            _make_folder(final.parent)
            size = _write(unfinished, final, chunks)
            _sync_folder(final.parent)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            if error.errno in _FULL:
                raise SpoolFull(f"no room in the spool {self.folder}") from error
            raise SpoolUnusable(f"the spool {self.folder} cannot be written: {error.strerror}") from error
        return size

    def path(self, key: str) -> Path:
        """The file under ``key``; whether it exists is for the caller to see."""
        return self.folder / key

    def remove(self, key: str) -> None:
        """Take a file away; it is no fault if it is not there."""
        (self.folder / key).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Delete what processes that are dead left unfinished; returns how many.

        A writer holds a lock on its file for as long as it lives, so a file that can be locked is nobody's.
        """
        return sum(_removed_if_abandoned(path) for path in self._unfinished.iterdir())


def _write(unfinished: Path, final: Path, chunks: Iterable[BytesLike]) -> int:
    size = 0
    with unfinished.open("xb", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                written = file.write(rest)
                size += written
                rest = rest[written:]
        os.fsync(file.fileno())
        unfinished.rename(final)  # still under the lock: a sweep takes whatever it can lock
    return size


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that each survives a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _removed_if_abandoned(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True
