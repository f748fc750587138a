import errno
import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread

from dicom_node.errors import LedgerAway
from dicom_node.events import Event
from dicom_node.ledger import group_commit, instances
from dicom_node.ledger.group_commit import GATHER_SECONDS
from dicom_node.ledger.known import KnownInstances
from dicom_node.ledger.schema import event, instance, study
from dicom_node.scp import intake
from dicom_node.scp.intake import Intake
from dicom_node.scp.recovery import enter_left_behind, enter_without_row
from dicom_node.scp.status import Status
from dicom_node.spool.disk import Unfinished
from tests.unit.dicom_node.given import (
    EXPLICIT,
    NOW,
    STUDY,
    a_data_set,
    announced,
    break_ledger,
    encoded,
    events,
    row,
    rows,
)
from tests.unit.dicom_node.scp.kept import as_kept

KEY = f"studies/{STUDY}/{STUDY}.1/{STUDY}.1.1.dcm"
ELSEWHERE = f"studies/1.2.99/{STUDY}.1/{STUDY}.1.1.dcm"


def _store(receiving, data_set, **how):
    """One instance from its first byte to its answer, and to its row, for which nobody waits."""
    status = _answer(receiving, data_set, **how)
    receiving.rows.flush()
    return status


def _answer(receiving, data_set, *, content=None, pieces=1, **changes):
    """One instance from its first byte to its answer."""
    sent = encoded(data_set)[1] if content is None else content
    intake = Intake(receiving, announced(data_set, **changes))
    size = -(-len(sent) // pieces) or 1
    for start in range(0, len(sent), size):
        intake.write(memoryview(sent)[start : start + size])
        intake.flush()
    return intake.finish()


def _files(spool) -> list[str]:
    return sorted(str(path.relative_to(spool.folder)) for path in spool.folder.rglob("*") if path.is_file())


def _until(holds) -> None:
    ends_at = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends_at, "it did not come true"
        time.sleep(0.005)


def _failing(fault=errno.EIO):
    def fail(*_, **__):
        raise OSError(fault, os.strerror(fault))

    return fail


@contextmanager
def _away():
    raise LedgerAway("database is locked")
    yield


# --- kept -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [1, 7])
def test_success_means_on_the_shelf_and_in_the_ledger(receiving, spool, ledger, pieces):
    assert _store(receiving, a_data_set(), pieces=pieces) == Status.SUCCESS
    assert _files(spool) == [KEY]
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert dcmread(spool.path(KEY)).SOPInstanceUID == f"{STUDY}.1.1"
    held = row(ledger, instance)
    assert (held["key"], held["received_at"]) == (KEY, NOW)
    assert held["size_bytes"] == spool.path(KEY).stat().st_size
    assert held["transfer_syntax_uid"] == EXPLICIT
    opened = row(ledger, study)
    assert (opened["state"], opened["calling_ae_title"]) == ("receiving", "CR_ROOM_2")
    assert events(ledger) == [Event.STUDY_OPENED]


def test_content_name_and_folder_are_on_disk_before_success_and_the_mark_goes_after_the_row(
    receiving, spool, ledger, monkeypatch
):
    done = []

    def noted(name, real):
        def do(*arguments, **more):
            result = real(*arguments, **more)
            done.append(name)
            return result

        return do

    def synced(descriptor, real=os.fsync):
        real(descriptor)
        done.append(f"{Path(f'/proc/self/fd/{descriptor}').readlink().name} synced")

    @contextmanager
    def transaction(real=ledger.transaction):
        with real() as tx:
            yield tx
        done.append("row committed")

    monkeypatch.setattr(os, "fdatasync", noted("content synced", os.fdatasync))
    monkeypatch.setattr(os, "link", noted("named", os.link))
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Unfinished, "take_mark_away", noted("mark gone", Unfinished.take_mark_away))
    monkeypatch.setattr(ledger, "transaction", transaction)
    receiving.rows.close()  # or the row might come by itself, before we note the answer
    monkeypatch.setattr(receiving.rows, "require_not_behind", lambda: None)
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    done.append("answered")
    receiving.rows.flush()
    expected = ["content synced", "named", f"{STUDY}.1 synced", "answered", "row committed", "mark gone"]
    assert [step for step in done if step in expected] == expected


def test_the_row_follows_the_answer_by_itself_and_then_the_mark_goes(receiving, spool, ledger):
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    _until(lambda: rows(ledger, instance) and _files(spool) == [KEY])
    assert row(ledger, instance)["key"] == KEY


def test_until_its_row_is_there_an_instance_is_marked_and_known(receiving, spool, ledger, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _answer(receiving, a_data_set()) == Status.SUCCESS
        (mark,) = (spool.folder / "unfinished").iterdir()
        assert mark.samefile(spool.path(KEY))
        assert receiving.key_of(f"{STUDY}.1.1") == KEY
    receiving.rows.flush()
    assert _files(spool) == [KEY]
    assert receiving.key_of(f"{STUDY}.1.1") == KEY
    assert receiving.key_of("1.2.3") is None


def test_closing_writes_the_rows_that_wait(receiving, spool, ledger):
    for number in range(1, 6):
        assert _answer(receiving, a_data_set(number)) == Status.SUCCESS
    receiving.close()
    assert len(rows(ledger, instance)) == len(_files(spool)) == 5


def test_an_association_that_is_still_open_at_the_end_loses_nothing(receiving, spool, ledger):
    """What it brings last is told so, or keeps its mark for the next start."""
    begun = Intake(receiving, announced(a_data_set()))
    receiving.close()
    begun.write(memoryview(encoded(a_data_set())[1]))
    assert begun.finish() == Status.SUCCESS
    assert _answer(receiving, a_data_set(2)) == Status.OUT_OF_RESOURCES
    assert rows(ledger, instance) == []
    assert enter_left_behind(spool, ledger) == 1
    assert (row(ledger, instance)["key"], _files(spool)) == (KEY, [KEY])
    receiving.close()


def test_what_comes_at_once_is_written_at_once_and_before_its_bytes_are_lost(receiving, spool, monkeypatch):
    """The fragments are views of a buffer that is filled again after ``flush``."""
    writes, real = [], os.writev

    def writev(descriptor, chunks):
        writes.append(len(chunks))
        return real(descriptor, chunks)

    monkeypatch.setattr(os, "writev", writev)
    sent, buffer = encoded(a_data_set())[1], bytearray(100)
    intake = Intake(receiving, announced(a_data_set()))
    for start in range(0, len(sent), 100):
        filled = len(sent[start : start + 100])
        buffer[:filled] = sent[start : start + filled]
        for half in (memoryview(buffer)[: filled // 2], memoryview(buffer)[filled // 2 : filled]):
            intake.write(half)
        intake.flush()
        buffer[:] = b"\xff" * 100
    intake.flush()
    assert intake.finish() == Status.SUCCESS
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert writes == [3] + [2] * (len(writes) - 1)  # the first with the meta
    assert len(writes) == -(-len(sent) // 100)


def test_however_many_fragments_come_at_once_they_are_not_too_many_for_one_write(receiving, spool):
    sent = encoded(a_data_set(StudyDescription="x" * 60, ImageComments="y" * 3000))[1]
    intake = Intake(receiving, announced(a_data_set()))
    for place in range(len(sent)):
        intake.write(memoryview(sent)[place : place + 1])
    assert intake.finish() == Status.SUCCESS
    assert spool.path(KEY).read_bytes().endswith(sent)


def test_nothing_shows_until_it_is_whole(receiving, spool):
    intake = Intake(receiving, announced(a_data_set()))
    intake.write(memoryview(encoded(a_data_set())[1])[:50])
    intake.flush()
    assert [Path(name).parent.name for name in _files(spool)] == ["unfinished"]
    intake.give_up()
    assert _files(spool) == []


def test_giving_up_leaves_nothing_however_often_and_also_after_the_end(receiving, spool, ledger):
    intake = Intake(receiving, announced(a_data_set()))
    intake.give_up()
    intake.give_up()
    assert _files(spool) == []
    assert rows(ledger, instance) == rows(ledger, event) == []
    finished = Intake(receiving, announced(a_data_set()))
    finished.write(memoryview(encoded(a_data_set())[1]))
    assert finished.finish() == Status.SUCCESS
    finished.give_up()
    receiving.rows.flush()
    assert _files(spool) == [KEY]


def test_no_descriptor_is_left_open(receiving):
    before = len(list(Path("/proc/self/fd").iterdir()))
    _store(receiving, a_data_set(1))  # opens the ledger's connection
    after_first = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(2, 12):
        _store(receiving, a_data_set(number))
        _store(receiving, a_data_set(number), content=b"garbage")
        Intake(receiving, announced(a_data_set(number))).give_up()
    assert len(list(Path("/proc/self/fd").iterdir())) == after_first >= before


# --- twice ----------------------------------------------------------------------------------------------


def test_the_same_again_is_success_and_kept_once(receiving, spool, ledger):
    assert [_store(receiving, a_data_set()) for _ in range(3)] == [Status.SUCCESS] * 3
    assert _files(spool) == [KEY]
    assert len(rows(ledger, instance)) == 1


def test_other_content_under_a_known_uid_is_told_and_the_first_is_kept(receiving, spool, ledger):
    _store(receiving, a_data_set())
    answer = _store(receiving, a_data_set(PatientID="ANOTHER"))
    assert answer == Status.DUPLICATE_SOP_INSTANCE == 0x0111
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    (quarantined,) = [name for name in _files(spool) if name != KEY]
    assert quarantined.startswith(f"quarantine/{STUDY}.1.1/")
    assert spool.path(quarantined).read_bytes() == as_kept(a_data_set(PatientID="ANOTHER"))
    assert len(rows(ledger, instance)) == 1
    about = rows(ledger, event)[-1]
    assert (about["name"], about["study_instance_uid"]) == (Event.INSTANCE_QUARANTINED, STUDY)
    assert about["subject"] == f"{STUDY}.1.1"


def test_the_same_pixels_in_another_transfer_syntax_are_other_content(receiving, spool):
    implicit = "1.2.840.10008.1.2"
    _store(receiving, a_data_set())
    again = encoded(a_data_set(), implicit)[1]
    answer = _store(receiving, a_data_set(), content=again, transfer_syntax_uid=implicit)
    assert answer == Status.DUPLICATE_SOP_INSTANCE
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())


def test_one_uid_in_two_studies_is_other_content(receiving, spool, ledger):
    _store(receiving, a_data_set())
    elsewhere = a_data_set(StudyInstanceUID="1.2.99")
    assert _store(receiving, elsewhere) == Status.DUPLICATE_SOP_INSTANCE
    (quarantined,) = [name for name in _files(spool) if name != KEY]
    assert spool.path(quarantined).read_bytes() == as_kept(elsewhere)
    assert row(ledger, study)["study_instance_uid"] == STUDY
    assert events(ledger)[-1] == Event.INSTANCE_QUARANTINED


def test_the_same_again_from_another_sender_is_success(receiving, spool):
    """The archive forwards what the modality sent already."""
    _store(receiving, a_data_set())
    assert _store(receiving, a_data_set(), calling_ae_title="A_PACS") == Status.SUCCESS
    assert _files(spool) == [KEY]


def test_the_same_again_before_the_first_has_its_row_is_kept_once(receiving, spool, ledger, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        begun = [Intake(receiving, announced(a_data_set())) for _ in range(3)]
        for each in begun:
            each.write(memoryview(encoded(a_data_set())[1]))
        assert [each.finish() for each in begun] == [Status.SUCCESS] * 3
    receiving.rows.flush()
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


# --- a file without a row -------------------------------------------------------------------------------


def test_a_file_without_a_row_is_the_first_and_is_entered(receiving, spool, ledger):
    """Somebody may have been told it is kept: a kill came before its row, and took its mark too."""
    spool.put(KEY, [as_kept(a_data_set())])
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    assert row(ledger, instance)["key"] == KEY
    assert row(ledger, study)["calling_ae_title"] == "CR_ROOM_2"
    assert _files(spool) == [KEY]


def test_other_content_than_that_of_a_file_without_a_row_goes_into_quarantine(receiving, spool, ledger):
    spool.put(KEY, [as_kept(a_data_set())])
    assert _answer(receiving, a_data_set(PatientID="ANOTHER")) == Status.DUPLICATE_SOP_INSTANCE
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert row(ledger, instance)["key"] == KEY
    (quarantined,) = [name for name in _files(spool) if name != KEY]
    assert spool.path(quarantined).read_bytes() == as_kept(a_data_set(PatientID="ANOTHER"))


def test_after_an_adoption_rows_go_on_being_entered(receiving, ledger):
    receiving.spool.put(KEY, [as_kept(a_data_set())])
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    time.sleep(2 * GATHER_SECONDS)
    assert not receiving.rows.has_ended
    assert _answer(receiving, a_data_set(2)) == Status.SUCCESS
    _until(lambda: len(rows(ledger, instance)) == 2)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"half of what a damaged disk left", as_kept(a_data_set())[:-100], as_kept(a_data_set(7))],
    ids=["empty", "no file of ours", "cut in its header", "another instance"],
)
def test_a_file_under_its_name_that_is_none_of_it_gives_way_and_is_not_thrown_away(
    receiving, spool, ledger, damaged
):
    spool.put(KEY, [damaged])
    assert _store(receiving, a_data_set()) == Status.SUCCESS
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert row(ledger, instance)["key"] == KEY
    (quarantined,) = [name for name in _files(spool) if name != KEY]
    assert quarantined.startswith(f"quarantine/{STUDY}.1.1/")
    assert spool.path(quarantined).read_bytes() == damaged


def test_a_name_left_by_a_kill_is_made_durable_before_success(receiving, spool, monkeypatch):
    """The kill may have come between the name and the flush of its folder."""
    spool.put(KEY, [as_kept(a_data_set())])
    synced, real = [], os.fsync

    def fsync(descriptor):
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    assert synced == [spool.path(KEY), spool.path(KEY).parent]


def test_a_file_without_a_row_is_not_answered_before_it_has_one(receiving, spool, ledger, monkeypatch):
    """It has no mark: only its row can say that it is known."""
    spool.put(KEY, [as_kept(a_data_set())])
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    receiving.rows.flush()
    assert row(ledger, instance)["key"] == KEY
    assert _answer(receiving, a_data_set()) == Status.SUCCESS
    assert _files(spool) == [KEY]


def test_a_file_without_a_row_that_cannot_be_read_is_never_success(receiving, spool, ledger, monkeypatch):
    spool.put(KEY, [as_kept(a_data_set())])
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", _failing())
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    assert spool.path(KEY).read_bytes() == as_kept(a_data_set())
    assert _store(receiving, a_data_set()) == Status.SUCCESS
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


def test_one_that_another_process_quarantines_at_this_moment_is_never_success(
    receiving, spool, ledger, monkeypatch
):
    spool.put(KEY, [as_kept(a_data_set())])

    def gone_before(path, real=intake.arrival_of):
        spool.move(KEY, f"quarantine/{STUDY}.1.1/moved.dcm")
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(intake, "arrival_of", gone_before)
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    assert _store(receiving, a_data_set()) == Status.SUCCESS


def test_a_name_that_another_process_gives_at_this_moment_is_never_success(
    receiving, spool, ledger, monkeypatch
):
    """Two receivers on one spool: what is under the name is not what we were to keep."""
    spool.put(KEY, [b"damaged"])

    def taken_again(_, key, to, real=spool.move):
        real(key, to)
        spool.put(key, [as_kept(a_data_set(PatientID="ANOTHER"))])

    with monkeypatch.context() as patched:
        patched.setattr(type(spool), "move", taken_again)
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    assert rows(ledger, instance) == []
    assert _store(receiving, a_data_set()) == Status.DUPLICATE_SOP_INSTANCE


def test_a_file_without_a_row_is_no_excuse_for_one_uid_in_two_studies(receiving, spool, ledger):
    """What the ledger knows is the first. The other file is the steward's to find (enter_without_row)."""
    _store(receiving, a_data_set())
    elsewhere = a_data_set(StudyInstanceUID="1.2.99")
    spool.put(ELSEWHERE, [as_kept(elsewhere)])
    assert _store(receiving, elsewhere) == Status.DUPLICATE_SOP_INSTANCE
    assert row(ledger, instance)["key"] == KEY
    enter_without_row(spool, ledger, now=1e11)
    assert not spool.path(ELSEWHERE).exists()
    assert row(ledger, instance)["key"] == KEY


# --- faults ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "call"),
    [
        (os, "open"),
        (os, "writev"),
        (os, "pread"),
        (os, "fdatasync"),
        (os, "link"),
        (os, "fsync"),
        (Path, "mkdir"),
    ],
    ids=["begin", "write", "read back", "fdatasync", "link", "folder sync", "folder"],
)
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
def test_a_fault_of_the_disk_is_never_success_and_the_re_send_is(
    receiving, spool, ledger, monkeypatch, module, call, fault
):
    with monkeypatch.context() as patched:
        patched.setattr(module, call, _failing(fault))
        assert _answer(receiving, a_data_set(), pieces=3) == Status.OUT_OF_RESOURCES == 0xA700
    assert _files(spool) == []
    assert rows(ledger, instance) == []
    assert _store(receiving, a_data_set()) == Status.SUCCESS
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


def test_a_disk_that_fills_up_in_the_middle_is_told_at_the_end(receiving, spool, monkeypatch):
    sent = memoryview(encoded(a_data_set())[1])
    intake = Intake(receiving, announced(a_data_set()))
    intake.write(sent[:40])
    intake.flush()
    with monkeypatch.context() as patched:
        patched.setattr(os, "writev", _failing(errno.ENOSPC))
        intake.write(sent[40:80])
        intake.flush()
    intake.write(sent[80:])  # there is room again; a hole in the middle must not pass for the whole
    assert intake.finish() == Status.OUT_OF_RESOURCES
    assert _files(spool) == []


def test_what_is_kept_while_the_ledger_is_away_gets_its_row_when_it_is_back(
    receiving, spool, ledger, monkeypatch
):
    """It could be asked whether it knows the instance, as a database that is locked for writing can."""
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _answer(receiving, a_data_set()) == Status.SUCCESS
        with pytest.raises(LedgerAway):
            receiving.rows.flush()
        assert rows(ledger, instance) == []
    receiving.rows.flush()
    assert (_files(spool), row(ledger, instance)["key"]) == ([KEY], KEY)


def test_while_a_commit_fails_no_more_are_taken_in(receiving, spool, ledger, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _answer(receiving, a_data_set()) == Status.SUCCESS
        with pytest.raises(LedgerAway):
            receiving.rows.flush()
        refused = Intake(receiving, announced(a_data_set(2)))
        refused.write(memoryview(encoded(a_data_set(2))[1]))
        assert len(_files(spool)) == 2  # the first and its mark: of the second nothing is written
        assert refused.finish() == Status.OUT_OF_RESOURCES
    receiving.rows.flush()
    assert _store(receiving, a_data_set(2)) == Status.SUCCESS
    assert len(rows(ledger, instance)) == len(_files(spool)) == 2


def test_when_too_many_wait_for_their_rows_no_more_are_taken_in(receiving, spool, ledger, monkeypatch):
    monkeypatch.setattr(group_commit, "MOST_WAITING", 2)
    with monkeypatch.context() as patched:
        patched.setattr(receiving.rows, "flush", lambda: None)
        answers = [_answer(receiving, a_data_set(number)) for number in (1, 2, 3)]
    assert answers == [Status.SUCCESS, Status.SUCCESS, Status.OUT_OF_RESOURCES]
    receiving.rows.flush()
    assert _store(receiving, a_data_set(3)) == Status.SUCCESS
    assert len(rows(ledger, instance)) == len(_files(spool)) == 3


def test_a_ledger_that_cannot_be_asked_is_never_success_and_the_re_send_is(
    receiving, spool, ledger, monkeypatch
):
    """Nobody knows then whether this is the first."""

    def away(_):
        raise LedgerAway("the ledger does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(KnownInstances, "key_of", lambda _, uid: away(uid))
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    assert (_files(spool), rows(ledger, instance)) == ([], [])
    assert _store(receiving, a_data_set()) == Status.SUCCESS
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


def test_a_ledger_away_during_one_uid_in_two_studies_is_told_the_same_when_it_is_back(
    receiving, spool, ledger, monkeypatch
):
    _store(receiving, a_data_set())
    elsewhere = a_data_set(StudyInstanceUID="1.2.99")
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "transaction", _away)
        assert _answer(receiving, elsewhere) == Status.OUT_OF_RESOURCES
    assert _store(receiving, elsewhere) == Status.DUPLICATE_SOP_INSTANCE
    assert not spool.path(ELSEWHERE).exists()
    assert len(rows(ledger, instance)) == 1


def test_what_is_held_and_cannot_be_read_is_never_success(receiving, spool, monkeypatch):
    """Whether the same came again cannot be said."""
    _store(receiving, a_data_set())
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", _failing())
        assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES
    assert _answer(receiving, a_data_set()) == Status.SUCCESS


def test_a_ledger_that_broke_is_never_success(receiving, ledger):
    break_ledger(ledger)
    assert _answer(receiving, a_data_set()) == Status.OUT_OF_RESOURCES


# --- refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 100])
def test_what_is_no_instance_is_told_so_and_nothing_is_kept(receiving, spool, ledger, content):
    assert _store(receiving, a_data_set(), content=content) == Status.CANNOT_UNDERSTAND
    assert _files(spool) == []
    assert rows(ledger, instance) == rows(ledger, study) == []
    told = row(ledger, event)
    assert (told["name"], told["subject"]) == (Event.INSTANCE_REJECTED, "CR_ROOM_2")
    assert told["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"sop_instance_uid": "1.2.3"},
        {"sop_class_uid": "1.2.3", "abstract_syntax_uid": "1.2.3"},
        {"abstract_syntax_uid": "1.2.840.10008.5.1.4.1.1.2"},
        {"sop_instance_uid": "../../../etc/cron.d/x"},
        {"sop_instance_uid": "9" * 5000},
        {"sop_instance_uid": "1.2\r\nforged"},
    ],
    ids=["another instance", "another class", "another context", "a path", "endless", "two lines"],
)
def test_command_context_and_data_set_must_agree(receiving, spool, ledger, caplog, changes):
    answer = _store(receiving, a_data_set(), **changes)
    assert answer == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS
    assert _files(spool) == []
    assert "forged" not in caplog.text + str(rows(ledger, event))


@pytest.mark.parametrize("uid", ["../../x", "/etc/passwd", "1." + "2" * 70])
@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_no_name_on_the_shelf_is_made_of_what_a_peer_wrote(receiving, spool, keyword, uid):
    answer = _store(receiving, a_data_set(**{keyword: uid}))
    assert answer == Status.DATA_SET_DOES_NOT_MATCH_SOP_CLASS
    assert _files(spool) == []
    assert [path.name for path in spool.folder.parent.iterdir() if path.is_dir()] == ["spool"]


def test_a_rejection_is_told_to_the_peer_even_when_the_ledger_cannot_note_it(receiving, ledger):
    break_ledger(ledger)
    assert _answer(receiving, a_data_set(), content=b"garbage") == Status.CANNOT_UNDERSTAND


def test_no_log_line_event_or_name_on_the_shelf_holds_the_patient(receiving, spool, ledger, caplog):
    caplog.set_level(logging.DEBUG)
    _store(receiving, a_data_set())
    _store(receiving, a_data_set(PatientAge="042Y"))
    _store(receiving, a_data_set(2), content=encoded(a_data_set(2))[1][:60])
    said = caplog.text + str(rows(ledger, event)) + str(rows(ledger, instance)) + str(_files(spool))
    assert "rejected" in said
    assert "Secret" not in said
    assert "SECRET" not in said
    assert "042Y" not in said


# --- at once --------------------------------------------------------------------------------------------


def _at_once(receiving, *data_sets):
    start = threading.Barrier(len(data_sets))

    def send(data_set):
        start.wait()
        return _answer(receiving, data_set)

    with ThreadPoolExecutor(len(data_sets)) as pool:
        answers = sorted(pool.map(send, data_sets))
    receiving.rows.flush()
    return answers


def test_one_instance_on_many_associations_while_its_file_waits_for_a_row_is_adopted_once(
    receiving, ledger, spool
):
    spool.put(KEY, [as_kept(a_data_set())])
    assert _at_once(receiving, *(a_data_set() for _ in range(8))) == [Status.SUCCESS] * 8
    assert (_files(spool), len(rows(ledger, instance))) == ([KEY], 1)


def test_one_instance_on_many_associations_at_once_is_kept_once(receiving, ledger, spool):
    assert _at_once(receiving, *(a_data_set() for _ in range(8))) == [Status.SUCCESS] * 8
    assert _files(spool) == [KEY]
    assert len(rows(ledger, instance)) == 1


def test_two_contents_of_one_uid_at_once_are_one_success_and_one_quarantine(receiving, ledger):
    answers = _at_once(receiving, a_data_set(), a_data_set(PatientID="B"))
    assert answers == [Status.SUCCESS, Status.DUPLICATE_SOP_INSTANCE]
    assert len(rows(ledger, instance)) == 1


def test_one_uid_in_two_studies_at_once_is_one_success_and_one_quarantine(receiving, ledger, spool):
    answers = _at_once(receiving, a_data_set(), a_data_set(StudyInstanceUID="1.2.99"))
    assert answers == [Status.SUCCESS, Status.DUPLICATE_SOP_INSTANCE]
    held = row(ledger, instance)
    assert [name for name in _files(spool) if name.startswith("studies/")] == [held["key"]]


def test_many_instances_of_one_study_at_once_are_all_kept_with_fewer_commits(
    receiving, ledger, spool, monkeypatch
):
    commits, real = [], ledger.transaction

    @contextmanager
    def counted():
        commits.append(1)
        with real() as tx:
            yield tx

    monkeypatch.setattr(ledger, "transaction", counted)
    assert _at_once(receiving, *(a_data_set(n) for n in range(1, 25))) == [Status.SUCCESS] * 24
    assert len(rows(ledger, instance)) == len(_files(spool)) == 24
    assert events(ledger) == [Event.STUDY_OPENED]
    assert len(commits) < 24


def test_those_with_one_lock_do_not_wait_for_those_with_another(receiving):
    turns = {receiving.turn(f"1.2.{number}") for number in range(200)}
    assert len(turns) > 32
    assert receiving.turn("1.2.3") is receiving.turn("1.2.3")


def test_what_was_announced_does_not_change():
    first = announced(a_data_set())
    assert replace(first, calling_ae_title="OTHER") != first


def test_a_row_of_another_key_is_not_taken_for_ours(receiving, spool, ledger):
    """The ledger knows the UID under another name; a file that lies under ours is not what it means."""
    _store(receiving, a_data_set())
    with ledger.snapshot() as tx:
        held = instances.find(tx, f"{STUDY}.1.1")
    assert held is not None and held.key == KEY
    assert _store(receiving, a_data_set(SeriesInstanceUID="1.2.77")) == Status.DUPLICATE_SOP_INSTANCE


# --- room -----------------------------------------------------------------------------------------------


def test_where_too_little_is_free_nothing_is_written_and_the_sender_is_told(
    receiving, spool, ledger, monkeypatch
):
    monkeypatch.setattr(receiving.room, "is_left", lambda: False)
    intake = Intake(receiving, announced(a_data_set()))
    intake.write(memoryview(encoded(a_data_set())[1]))
    assert _files(spool) == []
    assert intake.finish() == Status.OUT_OF_RESOURCES == 0xA700
    assert rows(ledger, instance) == rows(ledger, event) == []


def test_when_there_is_room_again_it_goes_on(receiving, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(receiving.room, "is_left", lambda: False)
        refused = Intake(receiving, announced(a_data_set()))
        refused.give_up()
    assert _store(receiving, a_data_set()) == Status.SUCCESS


def test_an_instance_that_was_let_in_is_not_cut_off_when_room_gets_short(receiving, monkeypatch):
    intake = Intake(receiving, announced(a_data_set()))
    monkeypatch.setattr(receiving.room, "is_left", lambda: False)
    intake.write(memoryview(encoded(a_data_set())[1]))
    assert intake.finish() == Status.SUCCESS


def test_a_file_that_has_gone_while_its_row_is_there_is_kept_again(receiving, spool, ledger):
    _store(receiving, a_data_set())
    receiving.rows.flush()
    spool.path(KEY).unlink()
    assert _store(receiving, a_data_set()) == Status.SUCCESS
    receiving.rows.flush()
    assert _files(spool) == [KEY]
    assert len(rows(ledger, instance)) == 1
