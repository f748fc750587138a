import time
from types import SimpleNamespace
from typing import Any

import pytest

from dicom_node.scp import directory, modalities
from dicom_node.scp.gatekeeper import Gatekeeper
from dicom_node.scp.modalities import find_modalities
from dicom_node.settings import ModalitySettings, ScpSettings

NOW = 1_772_366_400.0
CT = ModalitySettings(ae_title="CT", address="10.0.0.0/24", associations_at_most=1)


class Asking:
    """An association that has just asked, as pynetdicom shows it to EVT_REQUESTED."""

    def __init__(self, *, calling: str, address: str, slot: Any = None, identity: Any = None) -> None:
        self.rejected: tuple[int, int, int] | None = None
        self.is_ended = False
        self.slot = slot
        request = SimpleNamespace(calling_ae_title=calling, called_ae_title="DICOM_NODE")
        self.requestor = SimpleNamespace(primitive=request, address=address, user_identity=identity)
        self.acse = SimpleNamespace(send_reject=lambda *why: setattr(self, "rejected", why))
        self.dul = SimpleNamespace(socket=SimpleNamespace(socket=object()))

    def kill(self) -> None:
        self.is_ended = True

    def is_alive(self) -> bool:
        return not self.is_ended


def gatekeeper(*sections: ModalitySettings) -> Gatekeeper:
    settings = ScpSettings(modality=sections)
    return Gatekeeper(settings=settings, modalities=find_modalities(sections).listed, clock=lambda: NOW)


def ask(keeper: Gatekeeper, association: Asking) -> Asking:
    keeper.on_requested(SimpleNamespace(assoc=association))
    return association


def test_with_none_listed_this_machine_alone_is_let_in() -> None:
    assert ask(gatekeeper(), Asking(calling="ANY", address="127.0.0.1")).rejected is None
    assert ask(gatekeeper(), Asking(calling="ANY", address="10.0.0.7")).rejected == (1, 1, 3)


def test_a_listed_modality_is_let_in_from_where_it_is_listed() -> None:
    assert ask(gatekeeper(CT), Asking(calling="CT", address="10.0.0.7")).rejected is None
    elsewhere = ask(gatekeeper(CT), Asking(calling="CT", address="10.0.1.7"))
    assert (elsewhere.rejected, elsewhere.is_ended) == ((1, 1, 3), True)


def test_a_modality_gets_no_more_associations_than_it_may_have() -> None:
    keeper = gatekeeper(CT)
    slots = [keeper.connections.admit("10.0.0.7") for _ in range(2)]
    assert ask(keeper, Asking(calling="CT", address="10.0.0.7", slot=slots[0])).rejected is None
    assert ask(keeper, Asking(calling="CT", address="10.0.0.7", slot=slots[1])).rejected == (2, 3, 2)


def test_neither_does_it_by_plain_pynetdicom_which_takes_no_slots() -> None:
    keeper = gatekeeper(CT)
    first, second, third = (Asking(calling="CT", address="10.0.0.7") for _ in range(3))
    assert ask(keeper, first).rejected is None
    assert (ask(keeper, second).rejected, second.is_ended) == ((2, 3, 2), True)
    first.kill()
    assert ask(keeper, third).rejected is None


def test_by_plain_pynetdicom_an_address_has_its_limit_too() -> None:
    sections = (ModalitySettings(ae_title="CT", address="10.0.0.7"),)
    settings = ScpSettings(modality=sections, associations_per_address=2)
    listed = find_modalities(sections).listed
    keeper = Gatekeeper(settings=settings, modalities=listed, clock=lambda: NOW)
    asked = [ask(keeper, Asking(calling="CT", address="10.0.0.7")) for _ in range(3)]
    assert [each.rejected for each in asked] == [None, None, (2, 3, 2)]


def test_who_is_refused_for_its_name_takes_no_slot() -> None:
    keeper = gatekeeper(CT)
    ask(keeper, Asking(calling="STRANGER", address="10.0.0.7"))
    assert keeper.connections.open == 0


def test_who_was_refused_is_written_down(ledger: Any) -> None:
    keeper = gatekeeper()
    ask(keeper, Asking(calling="STRANGER", address="10.0.0.7"))
    assert keeper.refusals.enter(ledger, now=NOW) == 1


def test_of_an_identity_its_kind_alone_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    identity = SimpleNamespace(user_identity_type=2, primary_field=b"somebody", secondary_field=b"secret")
    with caplog.at_level("INFO"):
        ask(gatekeeper(), Asking(calling="CT", address="127.0.0.1", identity=identity))
    assert "a username and a passcode" in caplog.text
    assert "somebody" not in caplog.text and "secret" not in caplog.text


def test_a_modality_that_was_given_another_address_is_let_in_when_it_calls_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = {"ct.local": ["10.0.0.7"]}
    monkeypatch.setattr(modalities, "_look_up", lambda host: addresses[host])
    monkeypatch.setattr(directory, "NOT_SOONER_SECONDS", 0.01)
    keeper = gatekeeper(ModalitySettings(ae_title="CT", address="ct.local"))
    assert ask(keeper, Asking(calling="CT", address="10.0.0.7")).rejected is None
    addresses["ct.local"] = ["10.0.0.9"]
    assert not keeper.connections.is_known("10.0.0.9")
    assert ask(keeper, Asking(calling="CT", address="10.0.0.9")).rejected == (1, 1, 3)
    ends_at = time.monotonic() + 5
    while not keeper.connections.is_known("10.0.0.9"):
        assert time.monotonic() < ends_at, "its name was not looked up again"
        time.sleep(0.005)
    assert ask(keeper, Asking(calling="CT", address="10.0.0.9")).rejected is None
    assert ask(keeper, Asking(calling="CT", address="10.0.0.7")).rejected == (1, 1, 3)
