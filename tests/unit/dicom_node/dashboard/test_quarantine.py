"""Which two differ is told from the shelf and the ledger, and nothing of a patient with it."""

import pytest

from dicom_node.dashboard import quarantine
from dicom_node.dashboard.quarantine import QUARANTINE, Copy, conflicts_in, count_quarantined
from dicom_node.ledger import report
from dicom_node.spool.layout import quarantine_key


def conflicts(scene, study_instance_uid=None):
    with report.answering(scene.ledger) as tx:
        return conflicts_in(tx, scene.settings.spool_folder, study_instance_uid=study_instance_uid)


def test_the_quarantine_is_where_the_door_puts_it() -> None:
    assert quarantine_key(sop_instance_uid="1.2", name="0").startswith(f"{QUARANTINE}/1.2/")


def test_the_first_and_the_other_are_told_apart(scene) -> None:
    uid = scene.receive()
    received_at = scene.now
    scene.now += 60
    path = scene.quarantine(uid)
    (found,) = conflicts(scene)
    assert (found.sop_instance_uid, found.study_instance_uid) == (uid, scene.STUDY)
    assert found.first == Copy(
        key=f"{uid}.dcm", size_bytes=1000, received_at=received_at, calling_ae_title="CR_ROOM_2"
    )
    assert found.others == (
        Copy(
            key=f"quarantine/{uid}/{path.name}",
            size_bytes=path.stat().st_size,
            received_at=scene.now,
            calling_ae_title="CT2",
        ),
    )
    assert [which for which, _ in found.copies] == ["the first, kept", "other, in quarantine"]


def test_who_sent_the_first_is_as_its_own_file_says(scene) -> None:
    uid = scene.receive()
    scene.write(scene.settings.spool_folder / f"{uid}.dcm", uid, "CT1")
    scene.quarantine(uid)
    (found,) = conflicts(scene)
    assert found.first.calling_ae_title == "CT1"


def test_only_those_of_the_study_are_asked_for(scene) -> None:
    other = f"{scene.STUDY}.9"
    scene.quarantine(scene.receive())
    scene.quarantine(scene.receive(other))
    (found,) = conflicts(scene, other)
    assert found.study_instance_uid == other
    assert conflicts(scene, "1.2.3") == []


def test_the_newest_comes_first_and_no_more_than_can_be_shown(scene, monkeypatch) -> None:
    monkeypatch.setattr(quarantine, "SHOWN_AT_MOST", 2)
    for number in (1, 3, 2):
        scene.now += 1
        scene.quarantine(scene.receive(number=number))
    assert [each.sop_instance_uid[-1] for each in conflicts(scene)] == ["2", "3"]
    assert count_quarantined(scene.settings.spool_folder) == 3


def test_what_was_deleted_is_dealt_with(scene) -> None:
    path = scene.quarantine(scene.receive())
    path.unlink()
    assert conflicts(scene) == []
    assert count_quarantined(scene.settings.spool_folder) == 0


def test_a_first_that_is_held_no_more_hides_nothing(scene) -> None:
    scene.quarantine("1.2.3")
    (found,) = conflicts(scene)
    assert (found.first, found.study_instance_uid, len(found.copies)) == (None, None, 1)


@pytest.mark.parametrize("content", [b"", b"garbage" * 100, bytes(128) + b"DICM" + b"\2\0\0\0UL\4"])
def test_a_file_that_cannot_be_read_is_of_unknown_sender(scene, content) -> None:
    scene.quarantine(scene.receive()).write_bytes(content)
    (found,) = conflicts(scene)
    assert (found.others[0].calling_ae_title, found.others[0].size_bytes) == ("", len(content))


def test_what_a_peer_called_itself_is_made_printable(scene) -> None:
    scene.quarantine(scene.receive(), calling_ae_title="CT2\x1b[2J")
    (found,) = conflicts(scene)
    assert found.others[0].calling_ae_title == "CT2·[2J"


def test_what_is_none_of_ours_is_passed_over(scene) -> None:
    scene.quarantine(scene.receive())
    (scene.settings.spool_folder / QUARANTINE / "lost+found").mkdir()
    assert len(conflicts(scene)) == 1


def test_a_node_that_never_had_any_has_none(scene) -> None:
    assert conflicts(scene) == []
    assert count_quarantined(scene.settings.spool_folder) == 0
