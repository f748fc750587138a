import pytest

from dicom_node.delivery import courier
from dicom_node.delivery.courier import Courier
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway
from dicom_node.ledger.schema import delivery
from tests.unit.dicom_node.given import NOW, a_claim, a_result, parcels, rows, succeed

PACS = Destination(name="pacs", ae_title="PACS", host="10.0.0.5", port=104)


class _Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def deliver(ledger, spool, clock):
    return Courier(
        ledger=ledger,
        spool=spool,
        destination=PACS,
        calling_ae_title="OUR_NODE",
        retry_at_most_seconds=60,
        clock=clock,
    ).deliver_due


@pytest.fixture
def destination(monkeypatch):
    """Let the destination answer each file: None for taken, a reason, or an error that is raised."""

    def answer(*answers: str | Exception | None) -> list[list[str]]:
        sent: list[list[str]] = []

        def store(to, files, *, calling_ae_title):
            assert (to, calling_ae_title) == (PACS, "OUR_NODE")
            sent.append([path.name for _, path in files])
            for each in answers:
                if isinstance(each, Exception):
                    raise each
                yield each

        monkeypatch.setattr(courier, "store", store)
        return sent

    return answer


@pytest.fixture
def owed(ledger):
    """Three results owed to ``pacs``, one to somebody else."""
    made = [a_result(number) for number in (1, 2, 3)]
    assert succeed(ledger, a_claim(ledger), *made, destinations=["pacs", "backup"])


def _deliveries(ledger, destination: str = "pacs") -> dict[str, tuple[object, ...]]:
    return {
        each["sop_instance_uid"]: (each["state"], each["attempts"], each["error"], each["next_attempt_at"])
        for each in rows(ledger, delivery)
        if each["destination"] == destination
    }


def test_what_is_due_is_sent_at_once_and_noted(ledger, deliver, destination, owed):
    sent = destination(None, None, None)
    assert deliver() == 3
    assert [len(files) for files in sent] == [3]
    assert {state for state, *_ in _deliveries(ledger).values()} == {"delivered"}
    assert {state for state, *_ in _deliveries(ledger, "backup").values()} == {"owed"}
    assert deliver() == 0
    assert len(sent) == 1


def test_nothing_due_opens_no_association(deliver, destination, monkeypatch):
    sent = destination()
    assert deliver() == 0
    assert sent == []


def test_a_refusal_postpones_that_one_alone(ledger, deliver, destination, owed):
    destination(None, "PACS refused it with status A700", None)
    assert deliver() == 2
    found = _deliveries(ledger)
    assert found["2.25.2"] == ("owed", 1, "PACS refused it with status A700", NOW + 1)
    assert found["2.25.1"][0] == found["2.25.3"][0] == "delivered"


def test_away_midway_postpones_the_rest(ledger, deliver, destination, owed):
    destination(None, DestinationAway("PACS did not answer"))
    assert deliver() == 1
    found = _deliveries(ledger)
    assert found["2.25.1"][0] == "delivered"
    assert found["2.25.2"] == found["2.25.3"] == ("owed", 1, "PACS did not answer", NOW + 1)


def test_away_from_the_start_postpones_all(ledger, deliver, destination, owed):
    destination(DestinationAway("PACS does not answer"))
    assert deliver() == 0
    assert set(_deliveries(ledger).values()) == {("owed", 1, "PACS does not answer", NOW + 1)}


def test_the_pauses_grow_and_the_results_arrive_when_it_is_back(ledger, deliver, destination, clock, owed):
    destination(DestinationAway("PACS does not answer"))
    pauses = []
    for _ in range(8):
        deliver()
        at = _deliveries(ledger)["2.25.1"][3]
        pauses.append(at - clock.now)
        clock.now = at - 0.1
        assert deliver() == 0  # not before its time
        clock.now = at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    destination(None, None, None)
    assert deliver() == 3
    assert _deliveries(ledger)["2.25.1"] == ("delivered", 9, None, clock.now)


def test_one_that_was_killed_while_sending_is_followed_by_another(ledger, deliver, destination, clock, owed):
    assert len(parcels(ledger)) == 3  # what a courier does first; this one came no further
    assert {state for state, *_ in _deliveries(ledger).values()} == {"sending"}
    sent = destination(None, None, None)
    clock.now = NOW + courier.LEASE_SECONDS
    assert deliver() == 0
    clock.now += 0.1
    assert (deliver(), len(sent)) == (3, 1)


@pytest.mark.parametrize("taken", [0, 2])
def test_what_nobody_foresaw_leaves_nothing_in_sending_and_none_without_a_reason(
    ledger, deliver, destination, owed, taken
):
    destination(*[None] * taken, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):  # the steward's loop logs it
        deliver()
    found = list(_deliveries(ledger).values())
    assert [each[0] for each in found] == ["delivered"] * taken + ["owed"] * (3 - taken)
    mistake = ("owed", 1, "the courier made a mistake; see the steward's log", NOW + 1)
    assert found[taken:] == [mistake] * (3 - taken)
