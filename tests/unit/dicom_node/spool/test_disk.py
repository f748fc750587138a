import errno
import fcntl
import os
from pathlib import Path

import pytest

from dicom_node.errors import SpoolFull, SpoolUnusable
from dicom_node.spool import DiskSpool, disk

KEY = "studies/1.2/1.3/1.4.dcm"


def _names(spool: DiskSpool) -> list[str]:
    return sorted(
        path.relative_to(spool.folder).as_posix() for path in spool.folder.rglob("*") if path.is_file()
    )


def test_what_was_put_is_there_under_its_name(spool):
    assert spool.put(KEY, [b"abc", memoryview(b"defg"), b""]) == 7
    assert spool.path(KEY).read_bytes() == b"abcdefg"
    assert _names(spool) == [KEY]


def test_what_was_put_before_is_replaced_whole(spool):
    spool.put(KEY, [b"a long first content"])
    spool.put(KEY, [b"short"])
    assert spool.path(KEY).read_bytes() == b"short"


def test_nothing_shows_under_the_name_until_all_is_written(spool):
    def chunks():
        yield b"first half"
        assert not spool.path(KEY).exists()
        yield b"second half"

    spool.put(KEY, chunks())
    assert spool.path(KEY).read_bytes() == b"first halfsecond half"


def test_a_sender_that_breaks_midway_leaves_nothing_under_the_name(spool):
    def chunks():
        yield b"first half"
        raise ConnectionResetError("the peer went away")

    with pytest.raises(SpoolUnusable):
        spool.put(KEY, chunks())
    assert _names(spool) == []


def test_an_unforeseen_error_midway_leaves_nothing_but_what_is_swept(spool):
    def chunks():
        yield b"first half"
        raise RuntimeError("unforeseen")

    spool.put(KEY, [b"what was there"])
    with pytest.raises(RuntimeError, match="unforeseen"):
        spool.put(KEY, chunks())
    spool.sweep()
    assert _names(spool) == [KEY]
    assert spool.path(KEY).read_bytes() == b"what was there"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (errno.ENOSPC, SpoolFull),
        (errno.EDQUOT, SpoolFull),
        (errno.EIO, SpoolUnusable),
        (errno.EROFS, SpoolUnusable),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "rename", "mkdir"])
def test_a_fault_of_the_disk_is_told_and_changes_nothing(spool, monkeypatch, fault, error, call):
    def fail(*_, **__):
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patched:
        patched.setattr(
            *{"fsync": (os, "fsync"), "rename": (Path, "rename"), "mkdir": (Path, "mkdir")}[call], fail
        )
        with pytest.raises(error, match=str(spool.folder)):
            spool.put(KEY, [b"content"])
    assert _names(spool) == []


def test_a_disk_that_fills_up_while_writing_is_told(spool, monkeypatch):
    class Full:
        """A file on a disk with room for three bytes."""

        def __init__(self, file):
            self._file, self._room = file, 3

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def fileno(self):
            return self._file.fileno()

        def write(self, content):
            if not self._room:
                raise OSError(errno.ENOSPC, "No space left on device")
            taken = self._file.write(content[: self._room])
            self._room -= taken
            return taken

    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", **more: Full(real(path, mode, **more)) if mode == "xb" else None
    )
    with pytest.raises(SpoolFull, match="no room in the spool"):
        spool.put(KEY, [b"content"])
    assert _names(spool) == []


def test_a_disk_that_takes_a_part_at_a_time_gets_the_whole(spool, monkeypatch):
    class Slow:
        def __init__(self, file):
            self._file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def fileno(self):
            return self._file.fileno()

        def write(self, content):
            return self._file.write(content[:2])

    real = Path.open
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda path, mode="r", **more: Slow(real(path, mode, **more)))
        assert spool.put(KEY, [b"content"]) == 7
    assert spool.path(KEY).read_bytes() == b"content"


def test_file_and_folders_are_synced_before_it_returns(spool, monkeypatch):
    done = []
    real_fsync, real_rename = os.fsync, Path.rename

    def fsync(descriptor):
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real_fsync(descriptor)

    def rename(path, target):
        done.append("rename")
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    spool.put(KEY, [b"content"])
    renamed = done.index("rename")
    assert any(path.parent == spool.folder / "unfinished" for path in done[:renamed])
    assert (spool.folder / KEY).parent in done[renamed + 1 :]
    assert {spool.folder, spool.folder / "studies", spool.folder / "studies/1.2"} <= set(done)


def test_a_file_is_taken_away_once_or_twice(spool):
    spool.put(KEY, [b"content"])
    spool.remove(KEY)
    spool.remove(KEY)
    assert not spool.path(KEY).exists()


def test_the_sweep_takes_what_the_dead_left(spool):
    (spool.folder / "unfinished" / "left").write_bytes(b"half")
    spool.put(KEY, [b"content"])
    assert spool.sweep() == 1
    assert _names(spool) == [KEY]
    assert spool.sweep() == 0


def test_the_sweep_leaves_what_somebody_writes(spool):
    written = spool.folder / "unfinished" / "written"
    with written.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert spool.sweep() == 0
        assert written.exists()
    assert spool.sweep() == 1


def test_a_sweep_in_the_middle_of_a_put_takes_nothing_from_it(spool):
    def chunks():
        yield b"first half"
        assert DiskSpool(spool.folder).sweep() == 0
        yield b"second half"

    spool.put(KEY, chunks())
    assert spool.path(KEY).read_bytes() == b"first halfsecond half"


@pytest.mark.parametrize("moment", ["_make_folder", "_sync_folder"])
def test_a_sweep_between_writing_and_naming_takes_nothing(spool, monkeypatch, moment):
    real = getattr(disk, moment)
    taken = []

    def swept_before(folder):
        taken.append(spool.sweep())
        real(folder)

    monkeypatch.setattr(disk, moment, swept_before)
    spool.put(KEY, [b"content"])
    assert set(taken) == {0}
    assert spool.path(KEY).read_bytes() == b"content"


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SpoolUnusable, match="cannot be written: Not a directory"):
        DiskSpool(tmp_path / "file" / "spool")
