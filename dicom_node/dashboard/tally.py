"""Events counted since the first: each question reads the journal from where the last one left off."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock

from dicom_node.events import Event
from dicom_node.ledger import Transaction, report


class Tally:
    """How often each of ``events`` happened to this node. Safe between threads."""

    def __init__(self, *events: Event) -> None:
        self._events = events
        self._lock = Lock()
        self._up_to_event_id = 0
        self._counted: Counter[str] = Counter(dict.fromkeys(events, 0))

    def read(self, tx: Transaction) -> Mapping[str, int]:
        """The count of each, all events considered that ``tx`` sees; never less than it was."""
        with self._lock:
            newest, counted = report.count_events(tx, self._events, after_event_id=self._up_to_event_id)
            self._up_to_event_id = max(self._up_to_event_id, newest)
            self._counted.update(counted)
            return dict(self._counted)
