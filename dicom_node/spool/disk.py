"""The spool on a local disk: temp name, fdatasync, final name, fsync of the folder."""

import errno
import fcntl
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count, repeat
from pathlib import Path

from dicom_node.errors import SpoolFull, SpoolUnusable
from dicom_node.spool.folders import Folders
from dicom_node.spool.layout import STUDIES
from dicom_node.spool.sync import sync_file, sync_folder

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
        self._folders = Folders(folder)
        self._names = map("{}-{}".format, repeat(uuid.uuid4().hex), count())

    def begin(self) -> "Unfinished":
        """Begin a file piece by piece; it has no name anybody looks for until it is kept."""
        return Unfinished(self._folders, self.folder, self._unfinished / next(self._names))

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

    def sweep(self) -> list[Path]:
        """Delete what processes that are dead left half written; returns the marks of what they had kept.

        A writer holds a lock on its file for as long as it lives, so a file that can be locked is nobody's. One
        that has two names was kept; whoever is to remember it may not have done so. Take the mark away then.
        """
        return [path for path in self._unfinished.iterdir() if _is_mark_of_the_dead(path)]

    def studies(self) -> Iterator[tuple[str, list[Path]]]:
        """Study Instance UID and the files of each study that is here."""
        studies = self.folder / STUDIES
        for study in studies.iterdir() if studies.is_dir() else ():
            yield study.name, sorted(study.rglob("*.dcm"))

    def move(self, key: str, to: str) -> None:
        """Give a file another name, durable. Raises SpoolFull or SpoolUnusable."""
        path, final = self.path(key), self.path(to)
        try:
            self._folders.make(final.parent)
            path.rename(final)
            sync_folder(final.parent)
            sync_folder(path.parent)
        except OSError as error:
            raise _in_words(self.folder, error) from error

    def make_durable(self, key: str) -> None:
        """Flush a file that is there, and its name: a kill may have come before. Raises SpoolUnusable."""
        path = self.path(key)
        try:
            sync_file(path)
            sync_folder(path.parent)
        except OSError as error:
            raise _in_words(self.folder, error) from error


class Unfinished:
    """A file that is being written. ``keep`` or ``replace`` gives it its name; otherwise ``discard`` it.

    What was kept has its first name too, as a mark that nobody remembers it yet, until ``take_mark_away``.
    All raise SpoolFull when there is no room, SpoolUnusable on any other fault of the disk.
    """

    def __init__(self, folders: Folders, folder: Path, path: Path) -> None:
        self._folders = folders
        self._folder = folder
        self.path = path
        self.size = 0
        self._is_kept = False
        try:
            self._descriptor = _create_locked(path)
        except OSError as error:
            raise _in_words(folder, error) from error

    def write(self, *chunks: BytesLike) -> None:
        """Append ``chunks``."""
        try:
            written = os.writev(self._descriptor, chunks)
            self.size += written
            if written < sum(map(len, chunks)):  # as on a disk that is almost full
                self._write_rest(chunks, written)
        except OSError as error:
            raise _in_words(self._folder, error) from error

    def read_back(self, size: int, *, after: int) -> bytes:
        """Up to ``size`` bytes of what was written, behind the first ``after``."""
        try:
            return os.pread(self._descriptor, size, after)
        except OSError as error:
            raise _in_words(self._folder, error) from error

    def sync(self) -> None:
        """Have the content on disk, before it gets its name."""
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise _in_words(self._folder, error) from error

    def keep(self, key: str) -> bool:
        """Make the file, synced, durable under ``key``; False, and nothing changed, when there is one already."""
        final = self._folder / key
        try:
            self._give_name(final, os.link)
        except FileExistsError:
            return False
        try:
            sync_folder(final.parent)
        except OSError as error:
            final.unlink(missing_ok=True)  # a name that may be gone after a power cut is none
            raise _in_words(self._folder, error) from error
        self._is_kept = True
        return True

    def replace(self, key: str) -> int:
        """Make the file durable under ``key``, in place of one that may be there; returns its size in bytes."""
        final = self._folder / key
        self.sync()
        self._give_name(final, os.rename)
        try:
            sync_folder(final.parent)
        except OSError as error:
            raise _in_words(self._folder, error) from error
        return self.size

    def discard(self) -> None:
        """Let go of the file; what was not kept is gone. May be called at any time, more than once."""
        if self._descriptor < 0:
            return
        if not self._is_kept:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1

    def take_mark_away(self) -> None:
        """It was kept, and who is to remember it does. A mark too many costs a look at the next start."""
        with suppress(OSError):
            self.path.unlink()

    def _write_rest(self, chunks: Iterable[BytesLike], written: int) -> None:
        for chunk in chunks:
            rest = memoryview(chunk)[written:]
            written = max(0, written - len(chunk))
            while rest:
                count = os.write(self._descriptor, rest)
                self.size += count
                rest = rest[count:]

    def _give_name(self, final: Path, give: Callable[[Path, Path], None]) -> None:
        """Still under the lock: a sweep takes whatever it can lock."""
        try:
            self._folders.make(final.parent)
            try:
                give(self.path, final)
            except FileNotFoundError:
                self._folders.forget(final.parent)
                self._folders.make(final.parent)
                give(self.path, final)
        except FileExistsError:
            raise
        except OSError as error:
            raise _in_words(self._folder, error) from error


def _in_words(folder: Path, error: OSError) -> SpoolFull | SpoolUnusable:
    if error.errno in _FULL:
        return SpoolFull(f"no room in the spool {folder}")
    return SpoolUnusable(f"the spool {folder} cannot be written: {error.strerror}")


def _create_locked(path: Path) -> int:
    """The descriptor of a new file under our lock. Where a sweep took the file between the two, once more."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _is_mark_of_the_dead(path: Path) -> bool:
    """Whether it was kept and nobody has it open; what nobody has open and was not kept is deleted."""
    with suppress(BlockingIOError, FileNotFoundError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_nlink > 1:
            return True
        path.unlink(missing_ok=True)
    return False
