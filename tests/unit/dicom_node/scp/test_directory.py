import socket
import threading
import time
from ipaddress import ip_address

import pytest

from dicom_node.scp import directory
from dicom_node.scp.directory import Directory
from dicom_node.scp.modalities import find_modalities
from dicom_node.settings import ModalitySettings

NAMED = ModalitySettings(ae_title="CT1", address="ct1.local")
NUMBERED = ModalitySettings(ae_title="CT2", address="10.0.0.8")


class NameServer:
    """Knows one address, which may change; or is away."""

    def __init__(self) -> None:
        self.answer: str | None = "10.0.0.7"
        self.asked = 0

    def __call__(self, host: str) -> list[str]:
        self.asked += 1
        if self.answer is None:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [self.answer]


@pytest.fixture
def name_server():
    return NameServer()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def looked(name_server, changes):
    """A directory that looks when it is told to, and only then."""
    sections = [NAMED, NUMBERED]
    listed = find_modalities(sections, name_server).listed
    return Directory(sections, listed, on_change=changes.append, look_up=name_server)


def _is_at(directory, address):
    return [each.is_at(ip_address(address)) for each in directory.listed]


def test_a_name_that_has_another_address_is_known_there_and_no_longer_where_it_was(
    looked, name_server, changes
):
    assert (_is_at(looked, "10.0.0.7"), _is_at(looked, "10.0.0.9")) == ([True, False], [False, False])
    name_server.answer = "10.0.0.9"
    looked.look_again()
    assert (_is_at(looked, "10.0.0.7"), _is_at(looked, "10.0.0.9")) == ([False, False], [True, False])
    assert changes == [looked.listed]


def test_when_nothing_changed_nobody_is_told(looked, changes):
    looked.look_again()
    assert changes == []


def test_a_name_server_that_is_away_locks_nobody_out(looked, name_server, changes):
    name_server.answer = None
    looked.look_again()
    assert _is_at(looked, "10.0.0.7") == [True, False]
    assert changes == []


def test_a_name_that_was_not_found_at_the_start_is_found_later(name_server, changes):
    name_server.answer = None
    sections = [NAMED]
    late = Directory(
        sections, find_modalities(sections, name_server).listed, on_change=changes.append, look_up=name_server
    )
    assert _is_at(late, "10.0.0.7") == [False]
    name_server.answer = "10.0.0.7"
    late.look_again()
    assert _is_at(late, "10.0.0.7") == [True]


def _until(condition):
    ends_at = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.005)


def test_an_unknown_caller_has_names_looked_up_soon_and_a_flood_of_them_not_more_often(
    monkeypatch, name_server, changes
):
    monkeypatch.setattr(directory, "NOT_SOONER_SECONDS", 0.2)
    listed = find_modalities([NAMED], name_server).listed
    asked_at_start, name_server.answer = name_server.asked, "10.0.0.9"
    here = Directory([NAMED], listed, on_change=changes.append, look_up=name_server)
    time.sleep(0.3)
    assert name_server.asked == asked_at_start
    for _ in range(1000):
        here.want_look()
    _until(lambda: changes)
    assert _is_at(here, "10.0.0.9") == [True]
    for _ in range(20):
        here.want_look()
        time.sleep(0.001)
    assert name_server.asked <= asked_at_start + 2


def test_every_few_minutes_names_are_looked_up_unasked(monkeypatch, name_server, changes):
    monkeypatch.setattr(directory, "NOT_SOONER_SECONDS", 0.01)
    monkeypatch.setattr(directory, "LOOK_AGAIN_SECONDS", 0.02)
    listed = find_modalities([NAMED], name_server).listed
    name_server.answer = "10.0.0.9"
    Directory([NAMED], listed, on_change=changes.append, look_up=name_server)
    _until(lambda: changes)


def test_where_all_are_numbers_nobody_looks():
    before = threading.active_count()
    Directory([NUMBERED], find_modalities([NUMBERED]).listed, on_change=lambda _: None)
    assert threading.active_count() == before
