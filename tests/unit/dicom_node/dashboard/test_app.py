import re

from dicom_node.dashboard import pages
from dicom_node.dashboard.headers import SECURITY_HEADERS


def test_an_unknown_page_is_404_and_leads_home(scene) -> None:
    answer = scene.client().get("/a/b/c")
    assert answer.status_code == 404
    assert 'href="../../static/style.css"' in answer.text


def test_the_window_changes_nothing(scene) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = scene.client().request(method, "/")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def test_all_that_a_page_names_is_served(scene) -> None:
    html = scene.client().get("/").text
    named = set(re.findall(r'(?:src|href)="(\./[^"]+)"', html))
    assert {"./static/style.css", "./static/refresh.js", "./static/icon.svg"} <= named
    scene.all_alive()
    for address in named:
        assert scene.client().get(address.removeprefix(".")).status_code == 200


def test_a_ledger_that_does_not_answer_is_said_in_the_same_frame(scene) -> None:
    client = scene.client()
    scene.break_ledger()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Nothing can be said of the node" in answer.text
    assert "not a database" in answer.text


def test_a_fault_of_the_dashboard_shows_no_traceback(scene, monkeypatch) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(pages, "condition_of", fault)
    answer = scene.client().get("/")
    assert answer.status_code == 500
    assert "This page is broken" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_an_address_with_a_slash_too_many_is_not_led_elsewhere(scene) -> None:
    answer = scene.client().get("/not-taken/", follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers
