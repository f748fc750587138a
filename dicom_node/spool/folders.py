"""Folders of the spool, made so that each survives a power cut."""

from pathlib import Path
from threading import Lock

from dicom_node.spool.sync import sync_folder

MOST_REMEMBERED = 10_000


class Folders:
    """Makes folders below ``root``, which is there, and remembers which of them are on disk. Safe between threads."""

    def __init__(self, root: Path) -> None:
        self._durable = {root}
        self._root = root
        # One at a time: another would see a folder that is made and not yet on disk, and rely on it.
        self._making = Lock()

    def make(self, folder: Path) -> None:
        """Have ``folder`` and those above it on disk. Raises OSError."""
        if folder not in self._durable:
            with self._making:
                self._make(folder)

    def forget(self, folder: Path) -> None:
        """It is not there any more, as after the last of a study was taken away."""
        with self._making:
            self._durable -= {folder, *folder.parents} - {self._root}

    def _make(self, folder: Path) -> None:
        if folder in self._durable:
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)  # also where it was there: who made it may have been killed before this
        if len(self._durable) >= MOST_REMEMBERED:
            self._durable = {self._root}
        self._durable.add(folder)
