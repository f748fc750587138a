import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from dicom_node.dashboard import frame
from dicom_node.dashboard.frame import render


def _asked(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""})


@pytest.mark.parametrize(
    ("path", "root"), [("/", "./"), ("/not-taken", "./"), ("/studies/1.2", "../"), ("/a/b/c", "../../")]
)
def test_addresses_lead_home_from_any_depth(monkeypatch, path: str, root: str) -> None:
    monkeypatch.setattr(frame._environment, "loader", _Loader("{{ root }}"))
    monkeypatch.setattr(frame._environment, "cache", None)
    assert render(_asked(path), "any").body.decode() == root


def test_a_value_that_is_missing_is_a_fault_and_not_an_empty_place(monkeypatch) -> None:
    monkeypatch.setattr(frame._environment, "loader", _Loader("{{ missing }}"))
    monkeypatch.setattr(frame._environment, "cache", None)
    with pytest.raises(UndefinedError):
        render(_asked("/"), "any")


def test_what_peers_and_workers_wrote_is_escaped(scene) -> None:
    scene.report_model(*scene.MODEL, "<img src=x onerror=alert(1)>")
    scene.receive()
    scene.queue("a1")
    scene.start()
    scene.fail("a1", '<script>alert("x")</script>')
    for path in ("/", f"/studies/{scene.STUDY}"):
        html = scene.client().get(path).text
        assert "&lt;script&gt;" in html
        assert "<img src=x" not in html
        assert "<script>" not in html


class _Loader:
    has_source_access = True

    def __init__(self, source: str) -> None:
        self._source = source

    def load(self, environment, name, globals=None):
        return environment.from_string(self._source, globals)
