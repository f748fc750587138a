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
@pytest.mark.parametrize("call", ["writev", "fdatasync", "fsync", "rename", "mkdir"])
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
            unfinished.sync()
            unfinished.keep(KEY)
    assert not spool.path(KEY).exists()
    unfinished.discard()
    assert _names(spool) == []


def test_a_name_whose_folder_could_not_be_flushed_is_taken_back_and_the_next_gets_it(spool, monkeypatch):
    """The folders are there: only the flush behind the name fails."""
    spool.put("studies/1.2/1.3/1.9.dcm", [b"another"])
    unfinished = _written(spool)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _failing(errno.EIO))
        with pytest.raises(SpoolUnusable):
            unfinished.keep(KEY)
    assert not spool.path(KEY).exists()
    unfinished.discard()
    assert _names(spool) == ["studies/1.2/1.3/1.9.dcm"]
    again = _written(spool)
    assert again.keep(KEY)
    again.discard()


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

    monkeypatch.setattr(os, "writev", lambda descriptor, chunks: write(descriptor, b"".join(chunks)))
    monkeypatch.setattr(os, "write", write)
    with pytest.raises(SpoolFull, match="no room in the spool"):
        spool.put(KEY, [b"content"])
    assert _names(spool) == []


@pytest.mark.parametrize("at_a_time", [1, 2, 5, 9, 10])
def test_a_disk_that_takes_a_part_at_a_time_gets_the_whole(spool, monkeypatch, at_a_time):
    """Whole chunks, parts of them, and an empty one between."""
    real = os.write
    chunks = [b"meta", b"", memoryview(b"data set"), b"x" * 5000]
    unfinished = spool.begin()
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, content: real(descriptor, content[:at_a_time]))
        patched.setattr(os, "writev", lambda descriptor, parts: os.write(descriptor, b"".join(parts)))
        unfinished.write(*chunks)
    assert unfinished.size == 5012
    assert unfinished.replace(KEY) == 5012
    unfinished.discard()
    assert spool.path(KEY).read_bytes() == b"metadata set" + b"x" * 5000


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
    unfinished.sync()
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
    assert KEY in _names(spool)


def test_what_was_kept_has_its_mark_until_that_is_taken_away(spool):
    unfinished = _written(spool)
    assert unfinished.keep(KEY)
    unfinished.discard()
    unfinished.discard()
    assert unfinished.path.samefile(spool.path(KEY))
    unfinished.take_mark_away()
    unfinished.take_mark_away()
    assert _names(spool) == [KEY]


def test_the_mark_may_go_before_the_descriptor_does(spool):
    """The row's thread may be faster than the association's."""
    unfinished = _written(spool)
    assert unfinished.keep(KEY)
    unfinished.take_mark_away()
    unfinished.discard()
    assert _names(spool) == [KEY]


def test_a_mark_that_cannot_be_taken_away_is_no_error(spool, monkeypatch):
    unfinished = _written(spool)
    assert unfinished.keep(KEY)
    unfinished.discard()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _failing(errno.EIO))
        unfinished.take_mark_away()
    assert spool.sweep() == [unfinished.path]


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
    assert DiskSpool(spool.folder).sweep() == []
    assert unfinished.path.exists()
    unfinished.sync()
    assert unfinished.keep(KEY)
    assert DiskSpool(spool.folder).sweep() == []  # its writer is not done with it
    unfinished.discard()
    assert DiskSpool(spool.folder).sweep() == [unfinished.path]


def test_a_file_is_taken_away_once_or_twice(spool):
    spool.put(KEY, [b"content"])
    spool.remove(KEY)
    spool.remove(KEY)
    assert not spool.path(KEY).exists()


def test_the_sweep_takes_what_the_dead_left(spool):
    (spool.folder / "unfinished" / "left").write_bytes(b"half")
    spool.put(KEY, [b"content"])
    assert spool.sweep() == []
    assert _names(spool) == [KEY]


def test_the_sweep_tells_the_marks_and_leaves_them(spool):
    for number in (4, 5):
        unfinished = _written(spool)
        assert unfinished.keep(f"studies/1.2/1.3/1.{number}.dcm")
        unfinished.discard()
    (spool.folder / "unfinished" / "left").write_bytes(b"half")
    marks = spool.sweep()
    assert len(marks) == 2
    assert all(mark.read_bytes() == b"content" for mark in marks)
    assert sorted(spool.sweep()) == sorted(marks)
    assert not (spool.folder / "unfinished" / "left").exists()


def test_the_sweep_leaves_what_somebody_writes(spool):
    written = spool.folder / "unfinished" / "written"
    with written.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        spool.sweep()
        assert written.exists()
    spool.sweep()
    assert not written.exists()


def test_a_sweep_in_the_middle_of_a_put_takes_nothing_from_it(spool):
    def chunks():
        yield b"first half"
        assert DiskSpool(spool.folder).sweep() == []
        yield b"second half"

    spool.put(KEY, chunks())
    assert spool.path(KEY).read_bytes() == b"first halfsecond half"


@pytest.mark.parametrize(
    "moment", [(disk, "sync_folder"), (Path, "mkdir"), (os, "fdatasync"), (os, "rename")]
)
def test_a_sweep_between_writing_and_naming_takes_nothing(spool, monkeypatch, moment):
    owner, name = moment
    real, swept = getattr(owner, name), []

    def swept_before(*arguments, **more):
        swept.append(spool.sweep())
        return real(*arguments, **more)

    monkeypatch.setattr(owner, name, swept_before)
    spool.put(KEY, [b"content"])
    assert swept
    assert swept == [[]] * len(swept)
    assert spool.path(KEY).read_bytes() == b"content"


def test_a_sweep_between_a_file_and_its_lock_costs_the_writer_nothing(spool, monkeypatch):
    """A living process may begin a file while another starts and sweeps."""
    real, taken = fcntl.flock, []

    def swept_before(descriptor, how):
        if how == fcntl.LOCK_EX and not taken:
            taken.append(DiskSpool(spool.folder).sweep())
            assert _names(spool) == []  # the sweep took it for one of the dead
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", swept_before)
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert spool.put(KEY, [b"content"]) == 7
    assert taken == [[]]
    assert spool.path(KEY).read_bytes() == b"content"
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_mark_that_goes_during_a_sweep_is_no_error(spool, monkeypatch):
    """Another process lives, and its row was just written."""
    unfinished = _written(spool)
    assert unfinished.keep(KEY)
    unfinished.discard()
    real = Path.open

    def gone_before(path, *arguments):
        unfinished.take_mark_away()
        return real(path, *arguments)

    monkeypatch.setattr(Path, "open", gone_before)
    assert spool.sweep() == []
    assert _names(spool) == [KEY]


def test_the_files_of_each_study_are_told(spool):
    assert list(spool.studies()) == []
    for key in (KEY, "studies/1.2/1.5/1.6.dcm", "studies/1.7/1.8/1.9.dcm", "quarantine/1.4/x.dcm"):
        spool.put(key, [b"content"])
    told = {
        study: [path.relative_to(spool.folder).as_posix() for path in paths]
        for study, paths in spool.studies()
    }
    assert told == {
        "1.2": [KEY, "studies/1.2/1.5/1.6.dcm"],
        "1.7": ["studies/1.7/1.8/1.9.dcm"],
    }


def test_a_file_is_moved_and_both_folders_are_flushed(spool, monkeypatch):
    spool.put(KEY, [b"content"])
    done = []
    monkeypatch.setattr(os, "fsync", _noting(done, os.fsync))
    spool.move(KEY, "quarantine/1.4/x.dcm")
    assert _names(spool) == ["quarantine/1.4/x.dcm"]
    assert {spool.folder / "quarantine/1.4", spool.path(KEY).parent} <= set(done)


@pytest.mark.parametrize(("fault", "error"), [(errno.ENOSPC, SpoolFull), (errno.EIO, SpoolUnusable)])
def test_a_file_that_cannot_be_moved_is_told_and_stays(spool, monkeypatch, fault, error):
    spool.put(KEY, [b"content"])
    monkeypatch.setattr(os, "rename", _failing(fault))
    with pytest.raises(error, match=str(spool.folder)):
        spool.move(KEY, "quarantine/1.4/x.dcm")
    assert _names(spool) == [KEY]


def test_what_lies_there_is_made_durable_with_its_name(spool, monkeypatch):
    spool.put(KEY, [b"content"])
    done = []
    monkeypatch.setattr(os, "fsync", _noting(done, os.fsync))
    spool.make_durable(KEY)
    assert done == [spool.path(KEY), spool.path(KEY).parent]


def test_what_is_not_there_cannot_be_made_durable(spool):
    with pytest.raises(SpoolUnusable, match="No such file"):
        spool.make_durable(KEY)


def test_a_folder_that_was_taken_away_is_made_again(spool):
    """As after the last of a study was deleted by another process: it was remembered as being on disk."""
    spool.put(KEY, [b"content"])
    spool.remove(KEY)
    for folder in ("studies/1.2/1.3", "studies/1.2"):
        (spool.folder / folder).rmdir()
    for way in ("keep", "replace"):
        unfinished = _written(spool)
        assert getattr(unfinished, way)(f"studies/1.2/1.3/{way}.dcm")
        unfinished.discard()
    assert spool.path("studies/1.2/1.3/keep.dcm").read_bytes() == b"content"


def _written(spool):
    unfinished = spool.begin()
    unfinished.write(b"content")
    unfinished.sync()
    return unfinished


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SpoolUnusable, match="cannot be written: Not a directory"):
        DiskSpool(tmp_path / "file" / "spool")
