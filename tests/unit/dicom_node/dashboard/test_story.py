"""The story is read from studies that went their way through a real ledger."""

import pytest

from dicom_node.dashboard.story import declined_of, stations_of, ways_of
from dicom_node.ledger import report


def told(scene):
    with scene.ledger.snapshot() as tx:
        [study] = report.studies(tx, study_instance_uid=scene.STUDY)
    return study


def test_a_study_that_went_the_whole_way_has_every_station_in_order(scene) -> None:
    scene.whole_way()
    stations = stations_of(told(scene))
    assert [(each.name, each.detail) for each in stations] == [
        ("first instance", "from CR_ROOM_2"),
        ("last instance", "3 instances"),
        ("complete", "quiet for 10 s"),
        ("routed", "1 analysis"),
        ("analysis queued", "cxr_lungs 1.0.0"),
        ("analysis started", "cxr_lungs 1.0.0"),
        ("analysis succeeded", "cxr_lungs 1.0.0: SEG, SR"),
        ("result delivered", "SEG to pacs"),
        ("result delivered", "SR to pacs"),
        ("finished", "nothing is owed"),
    ]
    took = [each.took_seconds for each in stations]
    assert took == [
        None,
        *map(pytest.approx, (1.0, 10.0, 0.1)),
        None,
        *map(pytest.approx, (0.3, 2.0, 0.4, 0.4)),
        None,
    ]


def test_one_instance_is_first_and_last(scene) -> None:
    scene.receive()
    assert [each.name for each in stations_of(told(scene))] == ["first instance"]


def test_a_reopened_study_goes_its_way_anew(scene) -> None:
    scene.whole_way()
    scene.now += 60
    scene.receive(number=4)
    names = [each.name for each in stations_of(told(scene))]
    assert not {"complete", "routed", "finished"} & set(names)
    assert names[-1] == "last instance"


def test_a_failure_is_told_with_its_reason_and_attempts(scene) -> None:
    scene.receive()
    scene.complete()
    scene.route()
    scene.queue("a1")
    scene.put_back(scene.start(), "the worker died")
    scene.now += 5
    scene.start()
    scene.now += 1
    scene.fail("a1", "the pixel data end early")
    started, failed = stations_of(told(scene))[-2:]
    assert (started.detail, started.took_seconds) == ("cxr_lungs 1.0.0, attempt 2", 5.0)
    assert (failed.name, failed.detail) == ("analysis failed", "cxr_lungs 1.0.0: the pixel data end early")


def test_instances_declined_for_one_reason_are_counted(scene) -> None:
    scene.receive()
    scene.complete()
    scene.route(
        declined=(("ct_liver", "Modality is CR"), ("ct_liver", "Modality is CR"), ("mammo", "no CC view"))
    )
    counted = [(each.decision.model, each.decision.reason, each.inputs) for each in declined_of(told(scene))]
    assert counted == [("ct_liver", "Modality is CR", 2), ("mammo", "no CC view", 1)]
    assert stations_of(told(scene))[-1].detail == "0 analyses, 2 reasons to decline"


def test_the_ways_of_the_results_are_summed_by_destination(scene) -> None:
    scene.receive()
    scene.complete()
    scene.route()
    scene.queue("a1")
    scene.succeed(scene.start())
    assert scene.deliver("pacs", error="connection refused") == 2
    [way] = ways_of(told(scene))
    assert (way.destination, way.results, way.delivered, way.error) == ("pacs", 2, 0, "connection refused")
    scene.now += 10
    scene.deliver("pacs")
    [way] = ways_of(told(scene))
    assert (way.delivered, way.error) == (2, None)
