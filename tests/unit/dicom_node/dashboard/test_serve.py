"""The dashboard as a process of its own, asked over a real socket and ended by a real signal."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dicom_node.dashboard.app import create_app
from dicom_node.dashboard.serve import serve
from dicom_node.errors import SettingsInvalid

PROGRAM = """
import sys
from dicom_node.dashboard.app import create_app
from dicom_node.dashboard.serve import serve
from dicom_node.ledger import Ledger
from dicom_node.settings import Settings

serve(create_app(ledger=Ledger(sys.argv[1]), settings=Settings()), host="127.0.0.1", port=int(sys.argv[2]))
print("ended in order")
"""


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answer_of(address: str, *, within_seconds: float) -> tuple[int, bytes]:
    give_up_at = time.monotonic() + within_seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except urllib.error.URLError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_a_signal_and_then_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    port = a_free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path}/ledger.sqlite3", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[4],
        text=True,
    )
    try:
        status, body = answer_of(f"http://127.0.0.1:{port}/healthz", within_seconds=30)
        assert (status, json.loads(body)["status"]) == (503, "degraded")
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "ended in order\n", "")


def test_a_taken_port_is_said_in_a_sentence(scene) -> None:
    app = create_app(ledger=scene.ledger, settings=scene.settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(
            SettingsInvalid, match=rf"\[dashboard\] .*127\.0\.0\.1:{port}: Address already in use$"
        ):
            serve(app, host="127.0.0.1", port=port)
