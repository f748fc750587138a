import re

from prometheus_client.parser import text_string_to_metric_families


def scrape(scene):
    answer = scene.client().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return answer.text, {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_ledger_is_read_at_each_scrape(scene) -> None:
    key = ("dicom_node_studies", ("state", "receiving"))
    assert scrape(scene)[1][key] == 0
    scene.receive()
    assert scrape(scene)[1][key] == 1


def test_every_figure_of_a_node_at_work(scene) -> None:
    scene.queue_and_succeed("a1")
    scene.deliver("pacs", error="connection refused")
    scene.queue("a2")
    scene.now += 42
    scene.all_alive()
    scene.beat("work", host="node2")
    scene.report_model(*scene.MODEL)
    scene.report_model("ct_liver", "0.3.0", "no golden case")
    found = scrape(scene)[1]
    assert found[("dicom_node_analyses", ("state", "succeeded"))] == 1
    assert found[("dicom_node_analyses", ("state", "queued"))] == 1
    assert found[("dicom_node_deliveries", ("state", "owed"))] == 2
    assert found[("dicom_node_oldest_analysis_seconds",)] == 42
    assert found[("dicom_node_processes", ("kind", "work"))] == 2
    assert found[("dicom_node_processes", ("kind", "receive"))] == 1
    assert found[("dicom_node_model_ready", ("model", "cxr_lungs"), ("version", "1.0.0"))] == 1
    assert found[("dicom_node_model_ready", ("model", "ct_liver"), ("version", "0.3.0"))] == 0
    assert found[("dicom_node_undelivered_results", ("destination", "pacs"))] == 2
    assert found[("dicom_node_hindered_results", ("destination", "pacs"))] == 2


def test_names_follow_the_house_and_no_uid_is_a_label(scene) -> None:
    scene.whole_way()
    scene.all_alive()
    scene.report_model(*scene.MODEL)
    text, found = scrape(scene)
    assert all(re.fullmatch(r"dicom_node_[a-z]+(_[a-z]+)*", key[0]) for key in found)
    labels = {label for key in found for label, _ in key[1:]}
    assert labels == {"state", "kind", "model", "version", "destination", "outcome"}
    assert scene.STUDY not in text
    assert "2.25." not in text


def test_a_scrape_fails_when_the_ledger_does_not_answer(scene) -> None:
    client = scene.client()
    scene.break_ledger()
    assert client.get("/metrics").status_code == 503


def test_what_was_not_taken_is_counted(scene) -> None:
    total = "dicom_node_not_taken_instances_total"
    found = scrape(scene)[1]
    assert found[(total, ("outcome", "quarantined"))] == found[(total, ("outcome", "rejected"))] == 0
    path = scene.quarantine(scene.receive())
    scene.reject("CT2", "cut")
    scene.reject("CT2", "cut")
    scene.refuse_caller()
    client = scene.client()  # one window: it counts on from where it left off
    client.get("/metrics")
    scene.reject("CT3", "cut")
    text = client.get("/metrics").text
    assert f'{total}{{outcome="quarantined"}} 1.0' in text
    assert f'{total}{{outcome="rejected"}} 3.0' in text
    assert "dicom_node_quarantined_instances 1.0" in text
    assert "dicom_node_refused_callers 1.0" in text
    path.unlink()
    assert "dicom_node_quarantined_instances 0.0" in client.get("/metrics").text
