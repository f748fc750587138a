import asyncio

import pytest
from starlette.responses import PlainTextResponse

from dicom_node.dashboard.headers import SECURITY_HEADERS, SecurityHeaders


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/metrics", "/static/style.css"])
def test_every_answer_carries_the_security_headers(scene, path: str) -> None:
    headers = scene.client().get(path).headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_what_the_application_says_itself_of_its_caching_is_overruled() -> None:
    application = SecurityHeaders(
        PlainTextResponse("said", headers={"Cache-Control": "public", "X-Own": "1"})
    )
    sent = []

    async def send(message) -> None:
        sent.append(message)

    asyncio.run(application({"type": "http", "method": "GET", "headers": []}, None, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"x-own"] == b"1"
    assert sent[1]["body"] == b"said"


def test_nothing_is_loaded_from_elsewhere_nor_run_inline() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "*" not in policy
