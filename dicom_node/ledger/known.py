"""Is this instance known? Asked for each that comes in, so on one connection that stays open."""

from threading import Lock

from sqlalchemy.pool import PoolProxiedConnection

from dicom_node.errors import LedgerAway
from dicom_node.ledger.ledger import Ledger


class KnownInstances:
    """Safe between threads. Asked through SQLAlchemy the question takes thirty times as long (docs/why.md)."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()
        self._connection: PoolProxiedConnection | None = None

    def key_of(self, sop_instance_uid: str) -> str | None:
        """The key of the instance of this UID, if the ledger has it. Raises LedgerAway."""
        with self._lock:
            try:
                return self._ask(sop_instance_uid)
            except self._ledger.driver_errors as error:
                self._let_go()
                raise LedgerAway(f"the ledger does not answer: {error}") from error

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._let_go()

    def _ask(self, sop_instance_uid: str) -> str | None:
        if self._connection is None:
            self._connection = self._ledger.driver_connection()
        cursor = self._connection.cursor()
        cursor.execute("SELECT key FROM instance WHERE sop_instance_uid = ?", (sop_instance_uid,))
        found = cursor.fetchone()
        cursor.close()
        return None if found is None else str(found[0])

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection = None
