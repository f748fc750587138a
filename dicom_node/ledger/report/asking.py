"""A snapshot of the ledger to ask from."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from dicom_node.errors import LedgerAway
from dicom_node.ledger.ledger import Ledger, Transaction


@contextmanager
def answering(ledger: Ledger) -> Iterator[Transaction]:
    """A snapshot to ask from; raises LedgerAway, in words, when the ledger does not answer."""
    try:
        with ledger.snapshot() as tx:
            yield tx
    except SQLAlchemyError as error:
        raise LedgerAway(f"the ledger does not answer: {getattr(error, 'orig', error)}") from error
