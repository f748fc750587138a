from dataclasses import replace

import pytest

from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, callers
from dicom_node.ledger.callers import RefusedCaller
from dicom_node.scp import refusals as module
from dicom_node.scp.admission import Caller, Refusal, local_limit_exceeded, reason_to_refuse
from dicom_node.scp.modalities import find_modalities
from dicom_node.scp.refusals import Refusals, forget_the_admitted
from dicom_node.settings import ModalitySettings, ScpSettings
from tests.unit.dicom_node.given import NOW, break_ledger

CALLER = Caller(address="10.0.0.9", calling_ae_title="CT2", called_ae_title="ANY-SCP", is_tls=False)
SETTINGS = ScpSettings()


def _refusal(caller: Caller = CALLER) -> Refusal:
    refusal = reason_to_refuse(caller, settings=SETTINGS, modalities=())
    assert refusal is not None
    return refusal


def _refused(ledger: Ledger) -> list[RefusedCaller]:
    with ledger.snapshot() as tx:
        return callers.refused(tx)


def test_what_was_noted_is_entered_once(ledger):
    noted = Refusals()
    for seconds in (0, 1, 2):
        noted.note(CALLER, _refusal(), now=NOW + seconds)
    assert noted.enter(ledger, now=NOW + 5) == 1
    assert noted.enter(ledger, now=NOW + 6) == 0
    assert _refused(ledger) == [
        RefusedCaller(
            calling_ae_title="CT2",
            called_ae_title="ANY-SCP",
            address="10.0.0.9",
            is_tls=False,
            reason="is not known, and no [[scp.modality]] is listed",
            remedy=_refusal().remedy,
            first_seen_at=NOW,
            last_seen_at=NOW + 2,
            times=3,
        )
    ]


def test_the_same_caller_in_other_forms_is_one(ledger):
    noted = Refusals()
    noted.note(CALLER, _refusal(), now=NOW)
    other_form = replace(CALLER, address="::ffff:10.0.0.9", calling_ae_title="CT2             ")
    noted.note(other_form, _refusal(), now=NOW)
    noted.note(replace(CALLER, is_tls=True), _refusal(), now=NOW)
    assert noted.enter(ledger, now=NOW) == 2
    assert sorted((each.is_tls, each.times) for each in _refused(ledger)) == [(False, 2), (True, 1)]


def test_the_ledger_holds_no_more_than_a_line_of_printable_letters(ledger):
    noted = Refusals()
    hostile = replace(CALLER, calling_ae_title="A\r\n\x1b[31mÄ" + "x" * 1000, called_ae_title="\u202e\x00")
    noted.note(hostile, _refusal(hostile), now=NOW)
    noted.enter(ledger, now=NOW)
    (only,) = _refused(ledger)
    assert (only.calling_ae_title, only.called_ae_title) == ("A···[31m·xxxxxxx", "··")
    assert (only.who + only.reason + only.remedy).isprintable()


def test_whoever_makes_up_names_fills_neither_memory_nor_ledger(ledger, monkeypatch):
    monkeypatch.setattr(module, "COUNTED_AT_MOST", 3)
    noted = Refusals()
    for number in range(10):
        noted.note(replace(CALLER, calling_ae_title=f"X{number}"), _refusal(), now=NOW)
    noted.note(replace(CALLER, calling_ae_title="X0"), _refusal(), now=NOW)  # one that is known still counts
    assert noted.enter(ledger, now=NOW) == 3
    assert {each.calling_ae_title: each.times for each in _refused(ledger)} == {"X0": 2, "X1": 1, "X2": 1}


def test_while_the_ledger_is_away_nothing_is_lost(tmp_path, ledger):
    noted = Refusals()
    noted.note(CALLER, _refusal(), now=NOW)
    broken = Ledger(f"sqlite:///{tmp_path}/broken.sqlite3")
    break_ledger(broken)
    with pytest.raises(LedgerAway):
        noted.enter(broken, now=NOW)
    noted.note(CALLER, _refusal(), now=NOW + 9)
    assert noted.enter(ledger, now=NOW + 10) == 1
    (only,) = _refused(ledger)
    assert (only.times, only.first_seen_at, only.last_seen_at) == (2, NOW, NOW + 9)


def test_what_comes_while_it_is_entered_is_added_when_that_fails(tmp_path, ledger, monkeypatch):
    noted = Refusals()
    noted.note(CALLER, _refusal(), now=NOW)

    def fails(*_: object, **__: object) -> None:
        noted.note(CALLER, _refusal(), now=NOW + 1)
        raise LedgerAway("locked")

    with monkeypatch.context() as patched, pytest.raises(LedgerAway):
        patched.setattr(callers, "record", fails)
        noted.enter(ledger, now=NOW + 2)
    noted.enter(ledger, now=NOW + 3)
    (only,) = _refused(ledger)
    assert (only.times, only.first_seen_at, only.last_seen_at) == (2, NOW, NOW + 1)


def test_who_found_no_place_before_the_node_was_restarted_is_forgotten(ledger):
    noted = Refusals()
    unnamed = replace(CALLER, calling_ae_title="", called_ae_title="")
    noted.note(unnamed, local_limit_exceeded("has 50 associations open from its address", "Wait."), now=NOW)
    noted.note(replace(unnamed, calling_ae_title="CT2"), _refusal(), now=NOW)
    noted.note(replace(unnamed, called_ae_title="ANY-SCP"), _refusal(), now=NOW)
    noted.enter(ledger, now=NOW)
    elsewhere = find_modalities([ModalitySettings(ae_title="CT1", address="10.0.0.1")]).listed
    assert forget_the_admitted(ledger, settings=SETTINGS, modalities=elsewhere) == 1
    assert sorted((each.calling_ae_title, each.called_ae_title) for each in _refused(ledger)) == [
        ("", "ANY-SCP"),
        ("CT2", ""),
    ]


def test_who_would_be_let_in_now_is_forgotten_and_nobody_else(ledger):
    noted = Refusals()
    for address in ("10.0.0.9", "10.0.0.10"):
        noted.note(replace(CALLER, address=address), _refusal(), now=NOW)
    noted.enter(ledger, now=NOW)
    section = ModalitySettings(ae_title="CT2", address="10.0.0.9")
    listed = find_modalities([section]).listed
    assert forget_the_admitted(ledger, settings=SETTINGS, modalities=()) == 0
    assert forget_the_admitted(ledger, settings=SETTINGS, modalities=listed) == 1
    assert [each.address for each in _refused(ledger)] == ["10.0.0.10"]
