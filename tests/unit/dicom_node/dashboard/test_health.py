import pytest


def test_ok_when_receiver_steward_and_worker_are_alive(scene) -> None:
    scene.beat("receive", "steward", "work")
    scene.report_model(*scene.MODEL)
    answer = scene.client().get("/healthz")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["status"], found["reasons"], found["warnings"]) == ("ok", [], [])
    assert found["processes"] == {"receive": 1, "steward": 1, "work": 1, "dashboard": 0}
    assert found["oldest_analysis_seconds"] == 0


@pytest.mark.parametrize("missing", ["receive", "steward", "work"])
def test_degraded_with_the_reason_when_one_is_missing(scene, missing: str) -> None:
    scene.beat(*({"receive", "steward", "work"} - {missing}))
    scene.report_model(*scene.MODEL)
    answer = scene.client().get("/healthz")
    assert answer.status_code == 503
    found = answer.json()
    assert found["status"] == "degraded"
    [reason] = found["reasons"]
    assert f"`dicom-node {missing}`" in reason


def test_degraded_once_the_heartbeats_are_old(scene) -> None:
    scene.all_alive()
    scene.now += 60
    answer = scene.client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == [
        "The node is not running: no receiver, no steward and no worker is alive. "
        "Start it with `dicom-node up`, or look at its log."
    ]


def test_a_destination_that_is_away_is_a_warning_only(scene) -> None:
    scene.queue_and_succeed("a1")
    scene.deliver("pacs", error="connection refused")
    scene.all_alive()
    scene.report_model(*scene.MODEL)
    answer = scene.client().get("/healthz")
    assert answer.status_code == 200
    [warning] = answer.json()["warnings"]
    assert warning.startswith("2 results wait for destination pacs: connection refused.")


def test_degraded_when_the_ledger_does_not_answer(scene) -> None:
    scene.all_alive()
    client = scene.client()
    scene.break_ledger()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "the ledger does not answer" in answer.json()["reasons"][0]
