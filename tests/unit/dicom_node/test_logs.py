import logging
import subprocess
import sys
import threading

import pytest

from dicom_node.logs import OneLine, log_to_stderr


def _line(message: str, *values: object, **more: object) -> str:
    record = logging.LogRecord("n", logging.INFO, "f", 1, message, values, more.get("exc_info"))  # type: ignore[arg-type]
    return OneLine("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize("character", ["\n", "\r", "\x00", "\x1b", "\x07", "\x7f", "\x85", "\x9b", "\t"])
def test_no_peer_can_forge_a_line(character):
    line = _line("an instance from %s was rejected", f"EVIL{character}ERROR all is lost")
    assert line == "INFO an instance from EVIL·ERROR all is lost was rejected"


def test_other_letters_stay():
    assert _line("Röntgen – 影像") == "INFO Röntgen – 影像"


def test_a_traceback_keeps_its_lines():
    try:
        raise ValueError("x")
    except ValueError:
        line = _line("it broke\nhere", exc_info=sys.exc_info())
    first, *traceback = line.splitlines()
    assert first == "INFO it broke·here"
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "ValueError: x"


def test_each_line_names_its_process_and_only_ours_are_chatty(capsys, logging_restored):
    log_to_stderr("steward")
    logging.getLogger("dicom_node.study").info("one\nline")
    logging.getLogger("celery").info("chatter")
    logging.getLogger("pynetdicom").warning("what a peer wrote")
    logging.getLogger("pynetdicom.acse").critical("a fault")
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("steward INFO one·line")
    assert lines[1].endswith("steward CRITICAL a fault")


def test_a_process_may_be_quieter(capsys, logging_restored):
    log_to_stderr("demo", logging.WARNING)
    logging.getLogger("dicom_node.study").info("hidden")
    logging.getLogger("dicom_node.study").warning("shown")
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == ["shown"]


def test_what_pydicom_warns_of_is_not_told(capfd):
    """Its warnings quote values of the data set."""
    program = (
        "from dicom_node.logs import log_to_stderr; log_to_stderr('receive');"
        "from pydicom import Dataset; d = Dataset(); d.StudyInstanceUID = 'SECRET^NAME'"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert capfd.readouterr().err == ""


def test_a_thread_that_ends_by_an_error_says_where_and_not_what_a_peer_sent(
    capsys, logging_restored, monkeypatch
):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)

    def decode():
        raise ValueError("invalid literal: SECRET^NAME")

    log_to_stderr("receive")
    thread = threading.Thread(target=decode)
    thread.start()
    thread.join()
    said = capsys.readouterr().err
    assert "a thread ended by ValueError at test_logs.py:" in said
    assert "SECRET" not in said
