import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from dicom_node.scp.admission import Refusal
from dicom_node.scp.connections import Connections, Slot
from dicom_node.scp.modalities import Modality, find_modalities
from dicom_node.settings import ModalitySettings, ScpSettings

KNOWN = "10.0.0.7"


def _listed(**changes: object) -> tuple[Modality, ...]:
    section = {"ae_title": "CT1", "address": KNOWN, **changes}
    return find_modalities([ModalitySettings.model_validate(section)]).listed


def _connections(*, at_most: int = 10, per_address: int = 10, reserved: int = 3) -> Connections:
    settings = ScpSettings(
        associations_at_most=at_most, associations_per_address=per_address, associations_reserved=reserved
    )
    return Connections(settings=settings, modalities=_listed())


def _stranger(number: int) -> str:
    return f"203.0.113.{number}"


def _slot(connections: Connections, address: str) -> Slot:
    slot = connections.admit(address)
    assert isinstance(slot, Slot), slot.sentence
    return slot


def _refusal(connections: Connections, address: str) -> Refusal:
    refusal = connections.admit(address)
    assert isinstance(refusal, Refusal)
    assert (refusal.result, refusal.source, refusal.reason) == (2, 3, 2)
    return refusal


def test_strangers_cannot_take_what_is_reserved():
    connections = _connections()
    for number in range(7):
        _slot(connections, _stranger(number))
    refusal = _refusal(connections, _stranger(7))
    assert refusal.sentence == (
        "is not known, and came when 7 associations of strangers were open, which is the limit"
    )
    for _ in range(3):
        _slot(connections, KNOWN)
    assert connections.open == 10


def test_known_ones_may_take_all_and_nobody_more_than_that():
    connections = _connections(at_most=10, per_address=11)
    for _ in range(10):
        _slot(connections, KNOWN)
    for address in (KNOWN, _stranger(1)):
        refusal = _refusal(connections, address)
        assert refusal.sentence == "came when 10 associations were open, which is the limit"
        assert refusal.remedy.endswith("raise [scp] associations_at_most.")


def test_known_ones_do_not_use_up_the_share_of_strangers():
    connections = _connections()
    for _ in range(3):
        _slot(connections, KNOWN)
    for number in range(7):
        _slot(connections, _stranger(number))
    assert connections.open == 10


def test_one_address_has_its_own_limit_in_whatever_form_it_comes():
    connections = _connections(per_address=2)
    _slot(connections, KNOWN)
    _slot(connections, f"::ffff:{KNOWN}")
    refusal = _refusal(connections, KNOWN)
    assert refusal.sentence == "has 2 associations open from its address, which is the limit"
    assert refusal.remedy.endswith("raise [scp] associations_per_address.")
    _slot(connections, "10.0.0.8")


def test_a_slot_that_is_freed_may_be_had_again_and_freeing_twice_gives_no_second_one():
    connections = _connections(at_most=1, reserved=0)
    slot = _slot(connections, KNOWN)
    _refusal(connections, KNOWN)
    slot.free()
    slot.free()
    assert connections.open == 0
    _slot(connections, KNOWN)
    _refusal(connections, KNOWN)


def test_who_is_refused_holds_nothing():
    connections = _connections(at_most=1, reserved=0)
    slot = _slot(connections, _stranger(1))
    for number in range(2, 50):
        _refusal(connections, _stranger(number))
    slot.free()
    _slot(connections, _stranger(60))


def test_a_modality_has_its_own_limit():
    connections = _connections()
    (limited,) = _listed(associations_at_most=2)
    slots = [_slot(connections, KNOWN) for _ in range(3)]
    assert [slot.assign(limited) for slot in slots[:2]] == [None, None]
    refusal = slots[2].assign(limited)
    assert refusal is not None
    assert (refusal.result, refusal.source, refusal.reason) == (2, 3, 2)
    assert refusal.sentence == "has 2 associations open, which is the limit"
    slots[2].free()
    slots[0].free()
    assert _slot(connections, KNOWN).assign(limited) is None


def test_a_modality_without_a_limit_and_a_caller_without_a_modality_have_none():
    connections = _connections()
    for _ in range(5):
        assert _slot(connections, KNOWN).assign(_listed()[0]) is None
        assert _slot(connections, KNOWN).assign(None) is None


def test_a_slot_freed_before_it_was_assigned_counts_for_nobody():
    connections = _connections()
    (limited,) = _listed(associations_at_most=1)
    slot = _slot(connections, KNOWN)
    slot.free()
    assert slot.assign(limited) is None
    assert _slot(connections, KNOWN).assign(limited) is None


def test_a_slot_assigned_twice_counts_once():
    connections = _connections()
    (limited,) = _listed(associations_at_most=2)
    slot = _slot(connections, KNOWN)
    slot.assign(limited)
    slot.assign(limited)
    slot.free()
    slots = [_slot(connections, KNOWN) for _ in range(2)]
    assert [each.assign(limited) for each in slots] == [None, None]


def test_who_is_known():
    connections = _connections()
    assert connections.is_known(KNOWN)
    assert connections.is_known(f"::ffff:{KNOWN}")
    assert not connections.is_known("127.0.0.1")
    connections.know([])
    assert not connections.is_known(KNOWN)
    assert connections.is_known("127.0.0.1")


def test_who_was_a_stranger_when_it_came_is_freed_as_one():
    connections = _connections()
    slots = [_slot(connections, _stranger(1)) for _ in range(7)]
    _refusal(connections, _stranger(2))
    connections.know(_listed(address=_stranger(1)))
    for slot in slots:
        slot.free()
    for _ in range(7):
        _slot(connections, _stranger(3))
    _refusal(connections, _stranger(4))


def test_counting_holds_when_many_threads_come_and_go():
    connections = _connections(at_most=8, per_address=4, reserved=2)
    (limited,) = _listed(associations_at_most=2)
    most = [0]

    def come_and_go(seed: int) -> None:
        chance = random.Random(seed)
        held: list[Slot] = []
        for _ in range(500):
            got = connections.admit(chance.choice((KNOWN, _stranger(1), _stranger(2), _stranger(3))))
            if isinstance(got, Slot):
                if got.is_known:
                    got.assign(limited)
                held.append(got)
                most[0] = max(most[0], connections.open)
            if held and chance.random() < 0.6:
                held.pop(chance.randrange(len(held))).free()
        for slot in held:
            slot.free()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(come_and_go, range(8)))
    assert 0 < most[0] <= 8
    assert connections.open == 0
    assert [_slot(connections, KNOWN).assign(limited) for _ in range(2)] == [None, None]
    assert isinstance(_slot(connections, KNOWN).assign(limited), Refusal)


@pytest.mark.parametrize("address", ["", "unix", "10.0.0"])
def test_what_is_no_address_is_no_caller(address):
    with pytest.raises(ValueError, match="does not appear"):
        _connections().admit(address)
