from dataclasses import replace

import pytest

from dicom_node.scp.admission import Caller, Refusal, local_limit_exceeded, modality_of, reason_to_refuse
from dicom_node.scp.modalities import Modality, find_modalities
from dicom_node.settings import ModalitySettings, ScpSettings

ANY = ScpSettings(ae_title="OUR_NODE")
STRICT = ScpSettings(ae_title="OUR_NODE", any_called_ae_title=False)


def _listed(*sections: dict[str, object]) -> tuple[Modality, ...]:
    return find_modalities([ModalitySettings.model_validate(each) for each in sections]).listed


CT = {"ae_title": "CT1", "address": "10.0.0.7"}
MR = {"ae_title": "MR_ROOM_4", "address": "10.0.4.0/24"}
LISTED = _listed(CT, MR, {"ae_title": "CT1", "address": "fd00::7"})
CALLER = Caller(address="10.0.0.7", calling_ae_title="CT1", called_ae_title="OUR_NODE", is_tls=False)


def _refusal(
    settings: ScpSettings = ANY, modalities: tuple[Modality, ...] = LISTED, **changes: object
) -> Refusal | None:
    return reason_to_refuse(replace(CALLER, **changes), settings=settings, modalities=modalities)


def _codes(refusal: Refusal | None) -> tuple[int, int, int] | None:
    return (refusal.result, refusal.source, refusal.reason) if refusal else None


@pytest.mark.parametrize(
    ("calling_ae_title", "address", "is_let_in"),
    [
        ("CT1", "10.0.0.7", True),
        ("CT1", "::ffff:10.0.0.7", True),
        ("CT1", "fd00::7", True),
        ("CT1             ", "10.0.0.7", True),  # padding is not significant (PS3.5 section 6.2)
        ("  CT1", "10.0.0.7", True),
        ("CT1", "10.0.0.8", False),
        ("CT1", "10.0.4.9", False),  # at the address of another
        ("CT1", "127.0.0.1", False),
        ("ct1", "10.0.0.7", False),
        ("CT", "10.0.0.7", False),
        ("", "10.0.0.7", False),
        ("MR_ROOM_4", "10.0.4.255", True),
        ("MR_ROOM_4", "10.0.5.0", False),
        ("MR_ROOM_4", "10.0.0.7", False),
        ("STORESCU", "203.0.113.9", False),
    ],
)
def test_who_is_listed_gets_in_by_name_and_address_together(calling_ae_title, address, is_let_in):
    refusal = _refusal(calling_ae_title=calling_ae_title, address=address)
    assert _codes(refusal) == (None if is_let_in else (1, 1, 3))


@pytest.mark.parametrize(
    ("address", "is_let_in"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.7", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
    ],
)
@pytest.mark.parametrize("is_tls", [False, True])
def test_with_none_listed_this_machine_alone_gets_in_whatever_it_calls_itself(address, is_let_in, is_tls):
    refusal = _refusal(modalities=(), address=address, calling_ae_title="ANYBODY", is_tls=is_tls)
    assert _codes(refusal) == (None if is_let_in else (1, 1, 3))


@pytest.mark.parametrize(
    ("called_ae_title", "settings", "is_let_in"),
    [
        ("ANY-SCP", ANY, True),
        ("", ANY, True),
        ("OUR_NODE", STRICT, True),
        ("OUR_NODE        ", STRICT, True),
        ("ANY-SCP", STRICT, False),
        ("our_node", STRICT, False),
        ("", STRICT, False),
    ],
)
def test_the_called_ae_title_matters_where_the_settings_say_so(called_ae_title, settings, is_let_in):
    refusal = _refusal(settings, called_ae_title=called_ae_title)
    assert _codes(refusal) == (None if is_let_in else (1, 1, 7))


@pytest.mark.parametrize(("is_tls", "codes"), [(True, None), (False, (1, 1, 1))])
def test_a_modality_may_have_to_come_by_tls(is_tls, codes):
    assert _codes(_refusal(modalities=_listed(CT | {"tls_only": True}), is_tls=is_tls)) == codes


def test_tls_lets_nobody_in_who_is_not_listed():
    assert _codes(_refusal(calling_ae_title="CT9", is_tls=True)) == (1, 1, 3)


def test_one_of_several_sections_is_enough():
    both = _listed(CT | {"tls_only": True}, CT)
    assert _refusal(modalities=both, is_tls=False) is None


def test_a_stranger_is_told_how_to_be_let_in():
    refusal = _refusal(calling_ae_title="CT2", address="::ffff:10.0.0.9")
    assert refusal is not None
    assert refusal.sentence == "is not known, and no [[scp.modality]] has its AE title"
    assert refusal.remedy == (
        'If it may send, allow it by a section [[scp.modality]] with `ae_title = "CT2"` and '
        '`address = "10.0.0.9"`, and restart the node.'
    )


def test_with_none_listed_that_is_said():
    refusal = _refusal(modalities=())
    assert refusal is not None
    assert refusal.sentence == "is not known, and no [[scp.modality]] is listed"


def test_the_lines_that_are_given_let_the_caller_in():
    caller = replace(CALLER, calling_ae_title='A "B', address="10.0.0.9")
    allowed = _listed({"ae_title": 'A "B', "address": "10.0.0.9"})
    refusal = reason_to_refuse(caller, settings=ANY, modalities=LISTED)
    assert refusal is not None
    assert r'`ae_title = "A \"B"`' in refusal.remedy
    assert reason_to_refuse(caller, settings=ANY, modalities=allowed) is None


def test_other_letters_are_pointed_at():
    refusal = _refusal(calling_ae_title="mr_room_4")
    assert refusal is not None
    assert refusal.sentence.endswith('; capitals and small letters differ, and "MR_ROOM_4" is listed')


def test_a_known_name_from_elsewhere_is_shown_where_it_was_expected():
    refusal = _refusal(address="10.0.0.99")
    assert refusal is not None
    assert refusal.sentence == "calls from another address than is listed for it: 10.0.0.7, fd00::7"
    assert '`address = "10.0.0.99"`' in refusal.remedy


def test_a_host_name_that_was_not_found_is_the_reason_given():
    lost = (Modality(ae_title="CT1", address="ct1.local", networks=()),)
    refusal = _refusal(modalities=lost)
    assert _codes(refusal) == (1, 1, 3)
    assert refusal is not None
    assert refusal.sentence.endswith("ct1.local (which is not found)")


def test_what_a_peer_sends_cannot_break_out_of_a_line():
    refusal = _refusal(calling_ae_title='X"\r\n[scp]\x1b[31m')
    assert refusal is not None
    assert refusal.remedy.isprintable()
    assert r"X\"\r\n[scp]\u001b[31m" in refusal.remedy
    called = _refusal(STRICT, called_ae_title="Y\n\u202e")
    assert called is not None
    assert called.sentence == r'calls "Y\n\u202e", and this node is "OUR_NODE"'


def test_the_modality_is_the_section_that_let_the_caller_in():
    tls, plain = _listed(CT | {"tls_only": True, "associations_at_most": 1}, CT)
    assert modality_of(CALLER, (tls, plain)) == plain
    assert modality_of(replace(CALLER, is_tls=True), (tls, plain)) == tls
    assert modality_of(replace(CALLER, address="10.0.0.8"), (tls, plain)) is None
    assert modality_of(replace(CALLER, calling_ae_title=" CT1 "), (plain,)) == plain
    assert modality_of(CALLER, ()) is None


def test_a_limit_is_a_transient_refusal():
    refusal = local_limit_exceeded("is one too many", "Wait.")
    assert _codes(refusal) == (2, 3, 2)
