import pytest
from kombu.exceptions import OperationalError

from dicom_node.errors import BrokerAway
from dicom_node.ledger.schema import analysis
from dicom_node.queue.broker import WAKE
from dicom_node.queue.hints import HINTS_AT_ONCE, send_hints
from tests.unit.dicom_node.given import NOW, an_instance, an_order, claim, enter, queue, rows


class _App:
    """A Celery application whose broker takes hints, or is away from the n-th on."""

    def __init__(self, *, takes: int = 1000, error: Exception | None = None) -> None:
        self.sent: list[str] = []
        self._takes = takes
        self._error = error or OperationalError("away")

    def send_task(self, name: str, **options: object) -> None:
        assert options == {"retry": False}  # a publisher that retries would hang with the broker
        if len(self.sent) >= self._takes:
            raise self._error
        self.sent.append(name)


def _hinted(ledger) -> list[object]:
    return [each["hinted_at"] for each in rows(ledger, analysis)]


@pytest.fixture
def queued(ledger):
    enter(ledger, an_instance())
    queue(ledger, *(an_order(number) for number in range(3)))


def test_each_queued_analysis_is_hinted_once(ledger, queued):
    app = _App()
    assert send_hints(ledger, app, now=NOW) == 3
    assert app.sent == [WAKE] * 3
    assert _hinted(ledger) == [NOW] * 3
    assert send_hints(ledger, app, now=NOW + 1) == 0


def test_a_hint_that_may_be_lost_is_sent_again(ledger, queued):
    app = _App()
    send_hints(ledger, app, now=NOW)
    assert send_hints(ledger, app, now=NOW + 5) == 3


def test_nothing_is_sent_for_what_a_worker_has(ledger, queued):
    for _ in range(3):
        claim(ledger)
    app = _App()
    assert send_hints(ledger, app, now=NOW) == 0
    assert app.sent == []


@pytest.mark.parametrize("takes", [0, 2])
@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError()])
def test_when_the_broker_is_away_the_hints_stay_owed(ledger, queued, takes, error):
    with pytest.raises(BrokerAway, match="queued analyses wait"):
        send_hints(ledger, _App(takes=takes, error=error), now=NOW)
    assert _hinted(ledger) == [None] * 3
    assert send_hints(ledger, _App(), now=NOW) == 3


def test_a_long_queue_needs_few_hints(ledger, queued):
    queue(ledger, *(an_order(number) for number in range(10, 100)))
    app = _App()
    assert send_hints(ledger, app, now=NOW) == len(app.sent) == HINTS_AT_ONCE
    assert set(_hinted(ledger)) == {NOW}
