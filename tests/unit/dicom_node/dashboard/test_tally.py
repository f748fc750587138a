from dicom_node.dashboard.tally import Tally
from dicom_node.events import Event
from dicom_node.ledger import report


def read(scene, tally):
    with report.answering(scene.ledger) as tx:
        return tally.read(tx)


def test_events_are_counted_from_the_first_and_each_once(scene) -> None:
    scene.reject("CT2", "cut")
    tally = Tally(Event.INSTANCE_REJECTED, Event.INSTANCE_QUARANTINED)
    assert read(scene, tally) == {"instance.rejected": 1, "instance.quarantined": 0}
    scene.quarantine(scene.receive())
    scene.reject("CT2", "cut")
    assert read(scene, tally) == {"instance.rejected": 2, "instance.quarantined": 1}
    assert read(scene, tally) == {"instance.rejected": 2, "instance.quarantined": 1}


def test_a_snapshot_from_before_takes_nothing_back(scene) -> None:
    tally = Tally(Event.INSTANCE_REJECTED)
    with report.answering(scene.ledger) as before:
        report.latest_events(before)  # from here on it sees no later commit
        scene.reject("CT2", "cut")
        assert read(scene, tally) == {"instance.rejected": 1}
        assert tally.read(before) == {"instance.rejected": 1}
    assert read(scene, tally) == {"instance.rejected": 1}
