import errno
import fcntl
import os
import threading
import time
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


def test_a_source_that_breaks_midway_leaves_nothing_under_the_name(spool):
    def chunks():
        yield b"first half"
        raise ConnectionResetError("the peer went away")

    with pytest.raises(ConnectionResetError):
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
@pytest.mark.parametrize("call", ["write", "fdatasync", "fsync", "rename", "mkdir"])
def test_a_fault_of_the_disk_is_told_and_changes_nothing(spool, monkeypatch, fault, error, call):
    with monkeypatch.context() as patched:
        patched.setattr(Path if call == "mkdir" else os, call, _failing(fault))
        with pytest.raises(error, match=str(spool.folder)):
            spool.put(KEY, [b"content"])
    assert _names(spool) == []


@pytest.mark.parametrize("call", ["fdatasync", "fsync", "link", "mkdir"])
def test_a_fault_of_the_disk_when_a_file_is_kept_leaves_nothing_under_the_name(spool, monkeypatch, call):
    unfinished = spool.begin()
    unfinished.write(b"content")
    with monkeypatch.context() as patched:
        patched.setattr(Path if call == "mkdir" else os, call, _failing(errno.EIO))
        with pytest.raises(SpoolUnusable, match="cannot be written: Input/output error"):
            unfinished.keep(KEY)
    assert not spool.path(KEY).exists()
    unfinished.discard()
    assert _names(spool) == []


def test_a_disk_that_cannot_be_read_back_is_told(spool, monkeypatch):
    unfinished = spool.begin()
    monkeypatch.setattr(os, "pread", _failing(errno.EIO))
    with pytest.raises(SpoolUnusable, match="Input/output error"):
        unfinished.read_back(10, after=0)
    unfinished.discard()


@pytest.mark.parametrize(("fault", "error"), [(errno.ENOSPC, SpoolFull), (errno.EACCES, SpoolUnusable)])
def test_a_file_that_cannot_be_begun_is_told(spool, monkeypatch, fault, error):
    monkeypatch.setattr(os, "open", _failing(fault))
    with pytest.raises(error, match=str(spool.folder)):
        spool.begin()


def test_a_disk_that_fills_up_while_writing_is_told(spool, monkeypatch):
    room, real = [3], os.write

    def write(descriptor, content):
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = real(descriptor, content[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(SpoolFull, match="no room in the spool"):
        spool.put(KEY, [b"content"])
    assert _names(spool) == []


def test_a_disk_that_takes_a_part_at_a_time_gets_the_whole(spool, monkeypatch):
    real = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, content: real(descriptor, content[:2]))
        assert spool.put(KEY, [b"content"]) == 7
    assert spool.path(KEY).read_bytes() == b"content"


@pytest.mark.parametrize("way", ["keep", "replace"])
def test_file_and_folders_are_synced_before_it_returns(spool, monkeypatch, way):
    done = []
    name = {"keep": "link", "replace": "rename"}[way]
    for call in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, call, _noting(done, getattr(os, call)))
    real = getattr(os, name)
    monkeypatch.setattr(os, name, lambda *paths: (done.append("named"), real(*paths)))
    unfinished = spool.begin()
    unfinished.write(b"content")
    assert getattr(unfinished, way)(KEY)
    unfinished.discard()
    named = done.index("named")
    assert unfinished.path in done[:named]
    assert done[named + 1 :] == [(spool.folder / KEY).parent]
    assert {spool.folder, spool.folder / "studies", spool.folder / "studies/1.2"} <= set(done[:named])


def _failing(fault):
    def fail(*_, **__):
        raise OSError(fault, os.strerror(fault))

    return fail


def _noting(done, real):
    def sync(descriptor):
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    return sync


def test_no_thread_relies_on_a_folder_that_another_has_made_and_not_yet_flushed(spool, monkeypatch):
    """A folder of a new study: two associations bring its first two instances at once."""
    made, flushed, kept_at, real = threading.Event(), [], [], os.fsync

    def slow_fsync(descriptor):
        folder = Path(f"/proc/self/fd/{descriptor}").readlink()
        if folder == spool.folder and not made.is_set():
            made.set()
            time.sleep(0.1)
        flushed.append(folder)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow_fsync)

    def put(key):
        spool.put(key, [b"content"])
        kept_at.append(list(flushed))

    first = threading.Thread(target=put, args=("studies/1.2/1.3/1.4.dcm",))
    first.start()
    assert made.wait(5)
    put("studies/1.2/1.3/1.5.dcm")
    first.join()
    for before in kept_at:
        assert spool.folder in before


def test_what_is_written_piece_by_piece_is_seen_when_it_is_kept(spool):
    unfinished = spool.begin()
    for piece in (b"meta", memoryview(b"data"), b""):
        unfinished.write(piece)
    assert not spool.path(KEY).exists()
    assert (unfinished.size, unfinished.read_back(3, after=4)) == (8, b"dat")
    assert unfinished.keep(KEY) is True
    unfinished.discard()
    assert spool.path(KEY).read_bytes() == b"metadata"
    assert _names(spool) == [KEY]


def test_nothing_is_kept_in_the_place_of_another(spool):
    spool.put(KEY, [b"the first"])
    unfinished = spool.begin()
    unfinished.write(b"another")
    assert unfinished.keep(KEY) is False
    assert unfinished.path.read_bytes() == b"another"  # to be compared, or kept elsewhere
    assert unfinished.replace("quarantine/1.4/x.dcm") == 7
    unfinished.discard()
    assert spool.path(KEY).read_bytes() == b"the first"
    assert _names(spool) == ["quarantine/1.4/x.dcm", KEY]


def test_what_is_let_go_of_is_gone_however_often(spool):
    unfinished = spool.begin()
    unfinished.write(b"half")
    unfinished.discard()
    unfinished.discard()
    assert _names(spool) == []


def test_letting_go_gives_the_descriptor_back(spool):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        spool.begin().discard()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_sweep_leaves_what_is_being_written_piece_by_piece(spool):
    unfinished = spool.begin()
    unfinished.write(b"half")
    assert DiskSpool(spool.folder).sweep() == 0
    assert unfinished.keep(KEY)
    unfinished.discard()


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
