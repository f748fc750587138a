"""The shelf of the stand-in PACS: one folder of PS3.10 files, and an index over it.

The folder is the truth; the index is rebuilt from it, so a PACS that died comes back with what it had.
One PACS a folder: opening it clears away what another had half written.
"""

import io
import logging
import os
import threading
import uuid
from pathlib import Path
from typing import Final

from dicom_node.demo.pacs.instance import HeldInstance, NotAnInstance, is_valid_uid, read_instance

logger = logging.getLogger(__name__)

_INCOMING: Final = ".incoming-"


class UidMismatch(ValueError):
    """The C-STORE command names another SOP class or instance than the data set it carries."""


class PacsArchive:
    """Instances in a folder, each under its SOP Instance UID. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Keep instances in `folder`, made by `open` when it does not exist."""
        self._folder = folder
        self._by_sop_instance_uid: dict[str, HeldInstance] = {}
        self._lock = threading.Lock()

    def open(self) -> None:
        """Clear half-written files away and read the index from the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for half_written in self._folder.glob(f"{_INCOMING}*"):
            half_written.unlink()
        held = [self._read(path) for path in sorted(self._folder.glob("*.dcm"))]
        with self._lock:
            self._by_sop_instance_uid = {one.sop_instance_uid: one for one in held if one is not None}

    def keep(self, encoded: bytes, *, sop_class_uid: str, sop_instance_uid: str) -> HeldInstance:
        """Put a PS3.10 file on the shelf and return it; when this returns, it survives a power cut.

        An instance already held stays as it is, whatever the new one contains.
        Raises NotAnInstance, UidMismatch (the UIDs are those of the C-STORE command), or OSError from the disk.
        """
        instance = self._checked(encoded, sop_class_uid, sop_instance_uid)
        incoming = self._folder / f"{_INCOMING}{uuid.uuid4().hex}"
        try:
            _write_durably(incoming, encoded)
            return self._adopt(incoming, instance, encoded)
        finally:
            incoming.unlink(missing_ok=True)

    def instances(self, study_instance_uid: str | None = None) -> list[HeldInstance]:
        """Return the instances of one study, or all, in the order of study, series and SOP Instance UID."""
        with self._lock:
            held = list(self._by_sop_instance_uid.values())
        wanted = [one for one in held if study_instance_uid in (None, one.study_instance_uid)]
        return sorted(wanted, key=lambda i: (i.study_instance_uid, i.series_instance_uid, i.sop_instance_uid))

    def holding(self, sop_instance_uid: str) -> HeldInstance | None:
        """Return the instance if its file is really there."""
        with self._lock:
            held = self._by_sop_instance_uid.get(sop_instance_uid)
        return held if held is not None and held.path.is_file() else None

    def _read(self, path: Path) -> HeldInstance | None:
        try:
            instance = read_instance(path, folder=self._folder)
        except NotAnInstance as error:
            # Not the file's name: whoever put it there may have named it after the patient.
            logger.warning("left a file out of the index: %s", error)
            return None
        return instance if instance.path == path else None

    def _checked(self, encoded: bytes, sop_class_uid: str, sop_instance_uid: str) -> HeldInstance:
        if not (is_valid_uid(sop_class_uid) and is_valid_uid(sop_instance_uid)):
            raise UidMismatch("the command carries no valid SOP class and instance UID")
        instance = read_instance(io.BytesIO(encoded), folder=self._folder)
        if (instance.sop_class_uid, instance.sop_instance_uid) != (sop_class_uid, sop_instance_uid):
            raise UidMismatch("the command and its data set name different SOP class or instance UIDs")
        return instance

    def _adopt(self, incoming: Path, instance: HeldInstance, encoded: bytes) -> HeldInstance:
        with self._lock:
            held = self._by_sop_instance_uid.get(instance.sop_instance_uid)
            if held is not None and held.path.is_file():
                _note_duplicate(held, encoded)
                return held
            incoming.rename(instance.path)
            _flush_folder(self._folder)
            self._by_sop_instance_uid[instance.sop_instance_uid] = instance
        return instance


def _note_duplicate(held: HeldInstance, encoded: bytes) -> None:
    if held.path.read_bytes() != encoded:
        logger.warning("kept the first content of %s, other content came", held.sop_instance_uid)


def _write_durably(path: Path, encoded: bytes) -> None:
    with path.open("xb") as file:
        file.write(encoded)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
