import re

import pytest

from dicom_node.dashboard import pages
from dicom_node.events import MEANING, Event


def text_of(html: str) -> str:
    """What a reader sees, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def well(scene) -> None:
    scene.whole_way()
    scene.all_alive()
    scene.report_model(*scene.MODEL)


def test_home_says_that_all_is_well(scene) -> None:
    well(scene)
    answer = scene.client().get("/")
    assert answer.status_code == 200
    assert "<title>All is well · DICOM AI node</title>" in answer.text
    assert '<section class="condition well">' in answer.text
    assert "All is well: nothing is waiting." in answer.text


def test_home_shows_the_latest_study_with_all_that_became_of_it(scene) -> None:
    well(scene)
    html = scene.client().get("/").text
    assert f'href="./studies/{scene.STUDY}" title="{scene.STUDY}"' in html
    shown = text_of(html)
    assert "1.2.826.0…4005006001 13 s ago CR_ROOM_2 3 finished quiet for 10 s cxr_lungs succeeded" in shown
    assert "pacs 2 of 2" in shown


def test_home_shows_processes_models_and_destinations(scene) -> None:
    scene.beat("work", host="old")
    scene.now += 90
    scene.all_alive()
    scene.beat("work", state="predicting")
    scene.report_model(*scene.MODEL)
    scene.report_model("ct_liver", "0.3.0", "SHA256SUMS: model.toml differs")
    shown = text_of(scene.client().get("/").text)
    assert "work node1:102 predicting 1 h" in shown
    assert "work old:102 silent for 1 min" in shown
    assert "cxr_lungs 1.0.0 ready" in shown
    assert "ct_liver 0.3.0 not ready SHA256SUMS: model.toml differs" in shown
    assert "pacs 0 0 –" in shown


def test_home_names_what_is_wrong_and_what_to_do(scene) -> None:
    scene.queue_and_succeed("a1")
    scene.deliver("pacs", error="connection refused")
    scene.report_model(*scene.MODEL)
    scene.beat("receive", "steward")
    html = scene.client().get("/").text
    assert '<section class="condition stopped">' in html
    assert "<h1>No worker is alive: nothing is analysed.</h1>" in html
    assert "Start <code>dicom-node work</code> or look at its log." in html
    assert "2 results wait for destination pacs: connection refused." in html
    assert "pacs 0 of 2 connection refused" in text_of(html)


def test_home_shows_who_was_refused_and_how_to_let_them_in(scene) -> None:
    well(scene)
    scene.refuse_caller('<b>"CT2"</b>', reason="is not known, and no [[scp.modality]] is listed")
    html = scene.client().get("/").text
    assert "<b>" not in html
    assert "was refused 0 s ago: it is not known, and no [[scp.modality]] is listed." in text_of(html)
    assert "Allow it by <code>ae_title = &#34;&lt;b&gt;&#34;CT2&#34;&lt;/b&gt;&#34;</code>." in html


def test_home_links_to_the_study_that_failed(scene) -> None:
    scene.all_alive()
    scene.report_model(*scene.MODEL)
    scene.receive()
    scene.queue("a1")
    scene.start()
    scene.fail("a1", "the pixel data end early")
    html = scene.client().get("/").text
    assert f'<a href="./studies/{scene.STUDY}">Show the study</a>' in html


def test_an_empty_node_says_where_to_send(scene) -> None:
    shown = text_of(scene.client().get("/").text)
    assert "The node is not running" in shown
    assert "None yet. Send one to DICOM_NODE at 127.0.0.1:11112" in shown


def test_home_shows_the_newest_studies_and_says_how_many_there_are(scene, monkeypatch) -> None:
    monkeypatch.setattr(pages, "STUDIES_AT_MOST", 2)
    for number in (1, 2, 3):
        scene.receive(f"1.2.3.{number}")
        scene.now += 1
    html = scene.client().get("/").text
    assert "2 of 3" in html
    assert re.findall(r'title="(1\.2\.3\.\d)"', html) == ["1.2.3.3", "1.2.3.2"]


def test_a_study_tells_its_whole_story(scene) -> None:
    well(scene)
    html = scene.client().get(f"/studies/{scene.STUDY}").text
    shown = text_of(html)
    assert f"{scene.STUDY} State finished Instances 3 From CR_ROOM_2 Complete because quiet for 10 s" in shown
    assert "analysis started 0.3 s cxr_lungs 1.0.0" in shown
    assert "Gate passed" in shown
    assert "Seconds predict 0.8" in shown
    assert re.search(r"SEG 2\.25\.\d+\.1 pacs delivered 1 2026-0", shown)
    assert f"result.delivered {MEANING[Event.RESULT_DELIVERED]}" in shown
    assert '<a href="../">All studies</a>' in html


def test_a_study_shows_who_declined_and_why(scene) -> None:
    scene.receive()
    scene.complete()
    scene.route(declined=(("ct_liver", "Modality is CR, not CT"),))
    shown = text_of(scene.client().get(f"/studies/{scene.STUDY}").text)
    assert "No model took any part of this study." in shown
    assert f"ct_liver 1.0.0 Modality is CR, not CT 1 {scene.STUDY}.7" in shown


def test_a_study_shows_refusals_and_deliveries_in_trouble(scene) -> None:
    scene.queue_and_succeed("a1")
    scene.deliver("pacs", error="0xA700: out of resources")
    scene.queue("a2")
    scene.refuse(scene.start(), "the image is black")
    shown = text_of(scene.client().get(f"/studies/{scene.STUDY}").text)
    assert "cxr_lungs 1.0.0 refused the image is black" in shown
    assert "pacs owed 0xA700: out of resources 1 –" in shown


def test_a_study_that_is_still_received_has_not_been_given_to_a_model(scene) -> None:
    scene.receive()
    shown = text_of(scene.client().get(f"/studies/{scene.STUDY}").text)
    assert "No model was asked yet." in shown
    assert "Complete because" not in shown


@pytest.mark.parametrize(
    "path",
    ["1.2.3", "1..2", "1.2.", "abc", "1.2.840<script>", "1" * 65, "%2e%2e", "1.2%0a", "\u0661.2"],
)
def test_a_study_that_is_not_there_is_404_in_the_same_frame(scene, path: str) -> None:
    answer = scene.client().get(f"/studies/{path}")
    assert answer.status_code == 404
    assert "<h1>Not here</h1>" in answer.text
    assert 'href="../static/style.css"' in answer.text
    assert "<script>" not in answer.text


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(scene) -> None:
    well(scene)
    for path in ("/", f"/studies/{scene.STUDY}", "/nowhere"):
        html = scene.client().get(path).text
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
        assert not re.findall(r"<script(?! src=)|<style| style=| on\w+=", html)


def test_every_table_has_headings_with_a_scope(scene) -> None:
    well(scene)
    for path in ("/", f"/studies/{scene.STUDY}"):
        html = scene.client().get(path).text
        assert html.count("<table") >= 3
        assert not re.findall(r"<th(?! scope=)(?!ead)", html)


def test_home_counts_what_was_not_taken_and_links_to_it(scene) -> None:
    well(scene)
    assert text_of(scene.client().get("/").text).count("Not taken quarantined 0 rejected 0 callers 0") == 1
    scene.quarantine(f"{scene.STUDY}.7.1")
    scene.reject("CT2", "it has no SOP Instance UID")
    scene.reject("CT2", "it has no SOP Instance UID")
    html = scene.client().get("/").text
    assert "Not taken quarantined 1 rejected 2 callers 0" in text_of(html)
    assert '<section class="condition trouble">' in html
    assert "2 instances were rejected within a day: CT2: it has no SOP Instance UID." in text_of(html)
    assert html.count('<a href="./not-taken">Show what was not taken</a>') == 2


def test_the_page_of_what_was_not_taken_says_which_two_differ_and_what_to_do(scene) -> None:
    well(scene)
    uid = f"{scene.STUDY}.7.1"
    path = scene.quarantine(uid)
    answer = scene.client().get("/not-taken")
    assert answer.status_code == 200
    shown = text_of(answer.text)
    assert f"{uid} the first, kept CR_ROOM_2 2026-03-01" in shown
    assert f"{path.stat().st_size:,} bytes quarantine/{uid}/{path.name}" in shown
    assert "What to do: compare the two files" in shown
    assert f'<a href="./studies/{scene.STUDY}">{uid}</a>' in answer.text
    assert "SECRET" not in answer.text


def test_the_page_of_what_was_not_taken_lists_rejections_and_callers(scene) -> None:
    scene.reject("CT2", "<i>nested</i> too deep")
    scene.refuse_caller("CT9")
    html = scene.client().get("/not-taken").text
    assert "<i>" not in html
    assert "CT2 &lt;i&gt;nested&lt;/i&gt; too deep 1 0 s ago 0 s ago" in text_of(html)
    assert "CT9 10.0.0.9 It is not known. Allow it by ae_title = &#34;CT9&#34; . 1 0 s ago" in text_of(html)


def test_when_all_was_taken_the_page_says_so(scene) -> None:
    shown = text_of(scene.client().get("/not-taken").text)
    assert "no SOP Instance UID came with other content" in shown
    assert shown.count("None.") == 2


def test_the_page_of_a_study_shows_its_own_quarantine_alone(scene) -> None:
    well(scene)
    address = f"/studies/{scene.STUDY}"
    other = f"{scene.STUDY}.9"
    scene.quarantine(scene.receive(other), study_instance_uid=other)
    assert "In quarantine" not in scene.client().get(address).text
    scene.quarantine(f"{scene.STUDY}.7.2")
    html = scene.client().get(address).text
    assert "In quarantine" in html
    assert f"quarantine/{scene.STUDY}.7.2/" in html
    assert other not in html
    assert f'href="../studies/{scene.STUDY}"' in html
