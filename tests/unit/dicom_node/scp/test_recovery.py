import errno
import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dicom_node.errors import InstanceInvalid, LedgerAway, SpoolUnusable
from dicom_node.events import Event
from dicom_node.ledger import Ledger
from dicom_node.ledger.schema import event, instance, study
from dicom_node.scp.file_meta import KeptFile
from dicom_node.scp.intake import Intake, Receiving
from dicom_node.scp.recovery import YOUNGEST_SECONDS, arrival_of, enter_left_behind, enter_without_row
from dicom_node.scp.room import Room
from dicom_node.scp.status import Status
from dicom_node.spool import DiskSpool
from dicom_node.spool.disk import Unfinished
from tests.unit.dicom_node.given import (
    NOW,
    STUDY,
    a_data_set,
    an_instance,
    announced,
    encoded,
    enter,
    events,
    row,
    rows,
)
from tests.unit.dicom_node.scp.kept import as_kept

KEY = f"studies/{STUDY}/{STUDY}.1/{STUDY}.1.1.dcm"
LATER = 1e11  # when every file is old enough
_LINK = os.link  # the real one, also while a test has another in its place


def _left_with_mark(spool, data_set=None, *, key=KEY) -> Path:
    """What a kill leaves between the name and the row; returns the mark."""
    unfinished = spool.begin()
    unfinished.write(as_kept(data_set or a_data_set()))
    unfinished.sync()
    assert unfinished.keep(key)
    unfinished.discard()
    return unfinished.path


def _files(spool) -> list[str]:
    return sorted(str(path.relative_to(spool.folder)) for path in spool.folder.rglob("*") if path.is_file())


@contextmanager
def _away():
    raise LedgerAway("database is locked")
    yield


# --- what a file says -----------------------------------------------------------------------------------


def test_a_kept_file_says_all_that_its_row_does(spool):
    spool.put(KEY, [as_kept(a_data_set())])
    arrival = arrival_of(spool.path(KEY))
    size_bytes = len(as_kept(a_data_set()))
    assert arrival.instance == replace(an_instance(), size_bytes=size_bytes)
    assert arrival.calling_ae_title == "CR_ROOM_2"
    assert abs(arrival.received_at - time.time()) < 60


def test_what_is_no_file_of_ours_says_nothing(spool):
    spool.put(KEY, [b"something else"])
    with pytest.raises(InstanceInvalid):
        arrival_of(spool.path(KEY))
    spool.put(KEY, [as_kept(a_data_set())[:-60]])
    with pytest.raises(InstanceInvalid):
        arrival_of(spool.path(KEY))


# --- at the start ---------------------------------------------------------------------------------------


def test_a_kept_instance_without_a_row_is_entered_and_its_mark_goes(spool, ledger):
    _left_with_mark(spool)
    assert enter_left_behind(spool, ledger) == 1
    assert row(ledger, instance)["key"] == KEY
    assert row(ledger, study)["calling_ae_title"] == "CR_ROOM_2"
    assert _files(spool) == [KEY]
    assert enter_left_behind(spool, ledger) == 0


def test_one_whose_row_was_committed_is_not_entered_again(spool, ledger):
    """The kill came between the commit and the end of the mark."""
    _left_with_mark(spool)
    enter(ledger, an_instance(size_bytes=7))
    assert enter_left_behind(spool, ledger) == 1
    assert row(ledger, instance)["size_bytes"] == 7
    assert events(ledger) == [Event.STUDY_OPENED]
    assert _files(spool) == [KEY]


def test_what_was_half_written_is_gone_and_entered_nowhere(spool, ledger):
    unfinished = spool.begin()
    unfinished.write(as_kept(a_data_set())[:400])
    os.close(unfinished._descriptor)  # as a kill does
    assert enter_left_behind(spool, ledger) == 0
    assert _files(spool) == []
    assert rows(ledger, instance) == []


def test_a_whole_file_that_got_no_name_is_gone_too(spool, ledger):
    """It was never answered: its sender has it still, and sends it again."""
    unfinished = spool.begin()
    unfinished.write(as_kept(a_data_set()))
    unfinished.sync()
    os.close(unfinished._descriptor)
    assert enter_left_behind(spool, ledger) == 0
    assert (_files(spool), rows(ledger, instance)) == ([], [])


def test_content_and_name_are_flushed_before_the_row(spool, ledger, monkeypatch):
    """The kill may have come between the name and the flush of its folder."""
    _left_with_mark(spool)
    done, real = [], os.fsync

    def fsync(descriptor):
        real(descriptor)
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    @contextmanager
    def transaction(begin=ledger.transaction):
        with begin() as tx:
            yield tx
        done.append("row")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(ledger, "transaction", transaction)
    enter_left_behind(spool, ledger)
    assert done == [spool.path(KEY), spool.path(KEY).parent, "row"]


def test_what_a_living_process_writes_is_left_to_it(spool, ledger):
    unfinished = spool.begin()
    unfinished.write(as_kept(a_data_set()))
    assert enter_left_behind(DiskSpool(spool.folder), ledger) == 0
    unfinished.sync()
    assert unfinished.keep(KEY)
    assert enter_left_behind(DiskSpool(spool.folder), ledger) == 0
    unfinished.discard()
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())


def test_while_the_ledger_is_away_the_mark_stays(spool, ledger, monkeypatch):
    mark = _left_with_mark(spool)
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        with pytest.raises(LedgerAway):
            enter_left_behind(spool, ledger)
    assert mark.exists()
    assert enter_left_behind(spool, ledger) == 1
    assert row(ledger, instance)["key"] == KEY


def test_while_the_disk_cannot_flush_nothing_is_entered_and_the_mark_stays(spool, ledger, monkeypatch):
    mark = _left_with_mark(spool)

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(SpoolUnusable):
            enter_left_behind(spool, ledger)
    assert mark.exists()
    assert rows(ledger, instance) == []
    assert enter_left_behind(spool, ledger) == 1


def test_a_uid_the_ledger_knows_elsewhere_is_quarantined(spool, ledger):
    enter(ledger, an_instance())
    elsewhere = f"studies/1.2.99/{STUDY}.1/{STUDY}.1.1.dcm"
    _left_with_mark(spool, a_data_set(StudyInstanceUID="1.2.99"), key=elsewhere)
    assert enter_left_behind(spool, ledger) == 1
    (quarantined,) = _files(spool)
    assert quarantined.startswith(f"quarantine/{STUDY}.1.1/")
    assert row(ledger, instance)["key"] == KEY
    told = rows(ledger, event)[-1]
    assert (told["name"], told["subject"]) == (Event.INSTANCE_QUARANTINED, f"{STUDY}.1.1")
    assert told["study_instance_uid"] == "1.2.99"


def test_a_kill_after_the_move_into_quarantine_does_not_bar_the_next_start(spool, ledger):
    elsewhere = f"studies/1.2.99/{STUDY}.1/{STUDY}.1.1.dcm"
    enter(ledger, an_instance())
    _left_with_mark(spool, a_data_set(StudyInstanceUID="1.2.99"), key=elsewhere)
    spool.move(elsewhere, f"quarantine/{STUDY}.1.1/x.dcm")
    assert enter_left_behind(spool, ledger) == 1
    assert _files(spool) == [f"quarantine/{STUDY}.1.1/x.dcm"]
    assert len(rows(ledger, instance)) == 1


def test_a_half_written_file_with_a_second_name_is_not_taken_for_kept(spool, ledger, tmp_path):
    """A backup by hard links gives each file one."""
    unfinished = spool.begin()
    unfinished.write(as_kept(a_data_set()))
    os.close(unfinished._descriptor)
    os.link(unfinished.path, tmp_path / "backup")
    enter_left_behind(spool, ledger)
    assert rows(ledger, instance) == []
    assert _files(spool) == []


def test_one_that_is_damaged_is_told_and_keeps_nobody_else_waiting(spool, ledger, caplog):
    _left_with_mark(spool).write_bytes(b"Secret^Name" * 100)
    _left_with_mark(spool, a_data_set(2), key=KEY.replace(".1.1.dcm", ".1.2.dcm"))
    assert enter_left_behind(spool, ledger) == 2
    assert [str(each["sop_instance_uid"]) for each in rows(ledger, instance)] == [f"{STUDY}.1.2"]
    assert "cannot be entered: the file is not one this node wrote" in caplog.text
    assert "Secret" not in caplog.text
    assert len(_files(spool)) == 2


def test_one_that_the_disk_does_not_give_is_told_and_keeps_nobody_else_waiting(
    spool, ledger, monkeypatch, caplog
):
    bad = _left_with_mark(spool)
    _left_with_mark(spool, a_data_set(2), key=KEY.replace(".1.1.dcm", ".1.2.dcm"))

    def broken(kept, path, real=KeptFile.__init__):
        if path == bad:
            raise OSError(errno.EIO, "Input/output error")
        real(kept, path)

    monkeypatch.setattr(KeptFile, "__init__", broken)
    assert enter_left_behind(spool, ledger) == 2
    assert [str(each["sop_instance_uid"]) for each in rows(ledger, instance)] == [f"{STUDY}.1.2"]
    assert "cannot be entered: [Errno 5] Input/output error" in caplog.text
    assert spool.path(KEY).exists()


# --- compared by the steward ----------------------------------------------------------------------------


def test_a_file_with_neither_row_nor_mark_is_entered(spool, ledger):
    """As after a power cut that took the mark, which nobody flushes."""
    spool.put(KEY, [as_kept(a_data_set())])
    spool.put(KEY.replace(".1.1.dcm", ".1.2.dcm"), [as_kept(a_data_set(2))])
    enter(ledger, an_instance(2))
    assert enter_without_row(spool, ledger, now=LATER) == 1
    held = {row["sop_instance_uid"]: row["key"] for row in rows(ledger, instance)}
    assert held[f"{STUDY}.1.1"] == KEY
    assert len(held) == 2
    assert enter_without_row(spool, ledger, now=LATER) == 0
    assert events(ledger) == [Event.STUDY_OPENED]


def test_a_young_one_is_left_to_the_process_that_received_it(spool, ledger):
    spool.put(KEY, [as_kept(a_data_set())])
    written_at = spool.path(KEY).stat().st_mtime
    assert enter_without_row(spool, ledger, now=written_at + YOUNGEST_SECONDS - 1) == 0
    assert rows(ledger, instance) == []
    assert enter_without_row(spool, ledger, now=written_at + YOUNGEST_SECONDS + 1) == 1


def test_its_row_says_when_it_came_and_not_when_it_was_found(spool, ledger):
    spool.put(KEY, [as_kept(a_data_set())])
    os.utime(spool.path(KEY), (NOW, NOW))
    enter_without_row(spool, ledger, now=NOW + 3600)
    assert row(ledger, instance)["received_at"] == NOW
    assert row(ledger, study)["last_received_at"] == NOW


def test_an_empty_spool_and_one_in_order_are_no_work(spool, ledger):
    assert enter_without_row(spool, ledger, now=LATER) == 0
    spool.put(KEY, [as_kept(a_data_set())])
    enter(ledger, an_instance())
    assert enter_without_row(spool, ledger, now=LATER) == 0


def test_the_steward_and_the_receiver_may_both_enter_one(receiving, spool, ledger, monkeypatch):
    """The ledger was away for longer than a file counts as young, and both come at once when it is back."""
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _store(receiving, a_data_set()) == Status.SUCCESS
        time.sleep(0.1)
    assert enter_without_row(spool, Ledger(ledger.url), now=LATER) == 1
    receiving.rows.flush()
    assert row(ledger, instance)["key"] == KEY
    assert events(ledger) == [Event.STUDY_OPENED]
    assert _files(spool) == [KEY]


def test_a_file_under_the_name_of_another_is_told_and_left_where_it_is(spool, ledger, caplog):
    """Somebody copied it there by hand."""
    spool.put(KEY, [as_kept(a_data_set(2))])
    spool.put(KEY.replace(".1.1.dcm", ".1.3.dcm"), [as_kept(a_data_set(3))])
    assert enter_without_row(spool, ledger, now=LATER) == 1
    assert [str(each["sop_instance_uid"]) for each in rows(ledger, instance)] == [f"{STUDY}.1.3"]
    assert f"{STUDY}.1.1.dcm is kept, but cannot be entered" in caplog.text
    assert len(_files(spool)) == 2


def test_two_names_of_one_instance_are_no_two_instances(spool, ledger, caplog):
    for key in (KEY, KEY.replace(".1.1.dcm", ".1.2.dcm")):
        spool.put(key, [as_kept(a_data_set())])
    assert enter_without_row(spool, ledger, now=LATER) == 1
    assert row(ledger, instance)["key"] == KEY
    assert "another file lies under the name made of its UIDs" in caplog.text


def test_a_file_that_goes_during_the_comparison_is_no_error(spool, ledger, monkeypatch):
    """The receiver quarantines it at this moment."""
    spool.put(KEY, [as_kept(a_data_set())])
    monkeypatch.setattr(
        DiskSpool, "studies", lambda _: [(STUDY, [spool.path(KEY), spool.path(KEY.replace(".1.1", ".1.2"))])]
    )
    assert enter_without_row(spool, ledger, now=LATER) == 1


def test_the_comparison_too_quarantines_a_uid_known_elsewhere_once(spool, ledger):
    enter(ledger, an_instance())
    elsewhere = f"studies/1.2.99/{STUDY}.1/{STUDY}.1.1.dcm"
    spool.put(elsewhere, [as_kept(a_data_set(StudyInstanceUID="1.2.99"))])
    for _ in range(2):
        enter_without_row(spool, ledger, now=LATER)
    (quarantined,) = _files(spool)
    assert quarantined.startswith("quarantine/")
    assert events(ledger).count(Event.INSTANCE_QUARANTINED) == 1


# --- killed between any two steps -----------------------------------------------------------------------


STEPS = [
    "written",
    "synced",
    "named",
    "folder synced",
    "answered",
    "row committed",
    "mark gone",
]


@pytest.fixture
def left_at(receiving, spool, ledger, monkeypatch, tmp_path):
    """Stores one instance; gives what a kill right after each step would have left: spool, ledger, answered."""
    left, is_answered = {}, threading.Event()

    def kill(step):
        folder = tmp_path / f"left after {step}"
        _copy_with_links(spool.folder, folder / "spool")
        _copy_ledger(ledger, folder / "ledger.sqlite3")
        opened = Ledger(f"sqlite:///{folder}/ledger.sqlite3")
        left[step] = (DiskSpool(folder / "spool"), opened, is_answered.is_set())

    def killed_after(step, real, *, only_on=None):
        def do(*arguments):
            result = real(*arguments)
            if step not in left and only_on in (None, _path_of(arguments[0])):
                kill(step)
            return result

        return do

    def take_mark_away(unfinished, real=Unfinished.take_mark_away):
        kill("row committed")
        real(unfinished)
        kill("mark gone")

    _enter_only_when_told(receiving, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(os, "writev", killed_after("written", os.writev))
        patched.setattr(os, "fdatasync", killed_after("synced", os.fdatasync))
        patched.setattr(os, "link", killed_after("named", os.link))
        patched.setattr(os, "fsync", killed_after("folder synced", os.fsync, only_on=spool.path(KEY).parent))
        patched.setattr(Unfinished, "take_mark_away", take_mark_away)
        assert _store(receiving, a_data_set()) == Status.SUCCESS
        is_answered.set()
        kill("answered")
        receiving.rows.flush()
    yield left
    for _, opened, _ in left.values():
        opened.close()


def _enter_only_when_told(receiving, monkeypatch):
    """No row is written by itself."""
    receiving.rows.close()
    monkeypatch.setattr(receiving.rows, "require_not_behind", lambda: None)


def _path_of(descriptor) -> Path | None:
    return Path(f"/proc/self/fd/{descriptor}").readlink() if isinstance(descriptor, int) else None


def test_the_steps_come_in_their_order_and_the_mark_goes_last(left_at):
    assert list(left_at) == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_at_any_step_what_was_answered_is_there_exactly_once(left_at, step):
    left_spool, left_ledger, is_answered = left_at[step]
    assert is_answered == (STEPS.index(step) >= STEPS.index("answered"))
    enter_left_behind(left_spool, left_ledger)
    kept = [name for name in _files(left_spool) if name.startswith("studies/")]
    held = [str(each["key"]) for each in rows(left_ledger, instance)]
    assert kept == held, "a file without a row, or a row without a file"
    assert not is_answered or held == [KEY]
    for name in kept:
        assert left_spool.path(name).read_bytes() == as_kept(a_data_set())
    assert _files(left_spool) == kept, "something is left in unfinished/"


@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_at_any_step_the_re_send_succeeds_and_nothing_is_there_twice(left_at, step):
    left_spool, left_ledger, _ = left_at[step]
    enter_left_behind(left_spool, left_ledger)
    again = _receiving(left_spool, left_ledger)
    assert _store(again, a_data_set()) == Status.SUCCESS
    again.close()
    assert _files(left_spool) == [KEY]
    assert row(left_ledger, instance)["key"] == KEY
    assert left_spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert Event.INSTANCE_QUARANTINED not in events(left_ledger)


@pytest.mark.parametrize("step", STEPS)
def test_after_a_power_cut_that_took_the_marks_too_the_steward_finds_them(left_at, step):
    left_spool, left_ledger, is_answered = left_at[step]
    for mark in (left_spool.folder / "unfinished").iterdir():
        mark.unlink()
    enter_left_behind(left_spool, left_ledger)
    enter_without_row(left_spool, left_ledger, now=LATER)
    held = [str(each["key"]) for each in rows(left_ledger, instance)]
    assert held == _files(left_spool)
    assert not is_answered or held == [KEY]


def _receiving(spool, ledger) -> Receiving:
    room = Room(spool.folder, keep_free_bytes=0, clock=time.monotonic)
    return Receiving(spool=spool, ledger=ledger, room=room, clock=lambda: NOW)


def _store(receiving, data_set) -> Status:
    intake = Intake(receiving, announced(data_set))
    intake.write(memoryview(encoded(data_set)[1]))
    return intake.finish()


def _copy_with_links(folder: Path, to: Path) -> None:
    """As it lies there: two names of one file stay two names of one file, and nobody holds a lock."""
    copied: dict[int, Path] = {}
    for path in sorted(folder.rglob("*")):
        target = to / path.relative_to(folder)
        if path.is_dir():
            target.mkdir(parents=True)
            continue
        first = copied.setdefault(path.stat().st_ino, target)
        if first != target:
            _LINK(first, target)
        else:
            target.write_bytes(path.read_bytes())


def _copy_ledger(ledger: Ledger, to: Path) -> None:
    source = sqlite3.connect(ledger.url.removeprefix("sqlite:///"))
    target = sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()
