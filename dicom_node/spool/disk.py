"""The spool on a local disk: temp name, fdatasync, final name, fsync of the folder."""

import errno
import fcntl
import os
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock

from dicom_node.errors import SpoolFull, SpoolUnusable

BytesLike = bytes | memoryview
_FULL = {errno.ENOSPC, errno.EDQUOT}
_MAKING_FOLDERS = Lock()


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

    def begin(self) -> "Unfinished":
        """Begin a file piece by piece; it has no name anybody looks for until it is kept."""
        return Unfinished(self.folder, self._unfinished / uuid.uuid4().hex)

    def put(self, key: str, chunks: Iterable[BytesLike]) -> int:
        """Write a file under ``key``; when it returns, the file is whole and survives a power cut.

        An earlier file of that name is replaced. Returns its size in bytes. Raises SpoolFull when
        there is no room, SpoolUnusable on any other fault of the disk; then nothing has changed.
        """
        unfinished = self.begin()
        try:
            for chunk in chunks:
                unfinished.write(chunk)
            return unfinished.replace(key)
        finally:
            unfinished.discard()

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


class Unfinished:
    """A file that is being written. ``keep`` or ``replace`` gives it its name; otherwise ``discard`` it.

    All raise SpoolFull when there is no room, SpoolUnusable on any other fault of the disk.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = folder
        self.path = path
        self.size = 0
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise _in_words(folder, error) from error

    def write(self, chunk: BytesLike) -> None:
        """Append ``chunk``."""
        rest = memoryview(chunk)
        try:
            while rest:
                written = os.write(self._descriptor, rest)
                self.size += written
                rest = rest[written:]
        except OSError as error:
            raise _in_words(self._folder, error) from error

    def read_back(self, size: int, *, after: int) -> bytes:
        """Up to ``size`` bytes of what was written, behind the first ``after``."""
        try:
            return os.pread(self._descriptor, size, after)
        except OSError as error:
            raise _in_words(self._folder, error) from error

    def keep(self, key: str) -> bool:
        """Make the file durable under ``key``; False, and nothing changed, when there is one already."""
        return self._finish(key, os.link)

    def replace(self, key: str) -> int:
        """Make the file durable under ``key``, in place of one that may be there; returns its size in bytes."""
        self._finish(key, os.rename)
        return self.size

    def discard(self) -> None:
        """Let go of the file; what was not kept is gone. May be called at any time, more than once."""
        if self._descriptor < 0:
            return
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1

    def _finish(self, key: str, give_name: Callable[[Path, Path], None]) -> bool:
        final = self._folder / key
        try:
            os.fdatasync(self._descriptor)
            _make_folder(final.parent)
            give_name(self.path, final)  # still under the lock: a sweep takes whatever it can lock
        except FileExistsError:
            return False
        except OSError as error:
            raise _in_words(self._folder, error) from error
        try:
            _sync_folder(final.parent)
        except OSError as error:
            if give_name is os.link:  # a name that may be gone after a power cut is none
                final.unlink(missing_ok=True)
            raise _in_words(self._folder, error) from error
        return True


def _in_words(folder: Path, error: OSError) -> SpoolFull | SpoolUnusable:
    if error.errno in _FULL:
        return SpoolFull(f"no room in the spool {folder}")
    return SpoolUnusable(f"the spool {folder} cannot be written: {error.strerror}")


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that each survives a power cut.

    One thread at a time: another would see a folder that is made and not yet on disk, and rely on it.
    """
    with _MAKING_FOLDERS:
        _make_with_parents(folder)


def _make_with_parents(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_with_parents(folder.parent)
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
