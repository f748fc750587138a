"""Opens the ledger and gives transactions on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, create_engine, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from dicom_node.errors import LedgerAway, LedgerUnusable
from dicom_node.ledger.dialect import prepare_sqlite
from dicom_node.ledger.schema import SCHEMA_VERSION, metadata, schema_version

Transaction = Connection
"""What every named question takes: one open transaction on the ledger."""


class Ledger:
    """The ledger at ``url`` (``sqlite:///PATH``), made on first use. One a process; safe between threads.

    Raises LedgerUnusable when it cannot be opened or was written by another version of the node.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            database = URL.create("sqlite", database=url.removeprefix("sqlite:///"))
            self._engine = create_engine(database, pool_size=20, max_overflow=100)
            prepare_sqlite(self._engine)
            self._make_or_recognise()
        except (OSError, DatabaseError, LedgerAway) as error:
            cause = error.__cause__ or error
            raise LedgerUnusable(
                f"the ledger {url} cannot be opened: {getattr(cause, 'orig', cause)}"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A writing transaction: on disk when the block has ended, undone when it raised.

        Raises LedgerAway when the database is locked, full or broken.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            if not _is_away(error):
                raise
            raise LedgerAway(f"the ledger did not take an entry: {error.orig}") from error

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """A reading transaction: one consistent view, never in the way of a writer. Raises LedgerAway."""
        try:
            with self._engine.connect().execution_options(reads_only=True) as connection, connection.begin():
                yield connection
        except DatabaseError as error:
            if not _is_away(error):
                raise
            raise LedgerAway(f"the ledger does not answer: {error.orig}") from error

    def driver_connection(self) -> PoolProxiedConnection:
        """A connection of the database's own driver, for a question asked too often to go through SQLAlchemy.

        Raises LedgerAway. It is the caller's to close, and its errors are ``driver_errors``.
        """
        try:
            return self._engine.raw_connection()
        except self.driver_errors as error:
            raise LedgerAway(f"the ledger does not answer: {error}") from error

    @property
    def driver_errors(self) -> type[Exception]:
        """What a driver's connection raises."""
        return cast("type[Exception]", self._engine.dialect.loaded_dbapi.Error)

    def close(self) -> None:
        """Give the connections back; transactions under way end by themselves."""
        self._engine.dispose()

    def _make_or_recognise(self) -> None:
        with self.transaction() as tx:
            metadata.create_all(tx)
            version = tx.scalar(select(schema_version.c.version))
            if version is None:
                tx.execute(insert(schema_version).values(version=SCHEMA_VERSION))
            elif version != SCHEMA_VERSION:
                raise LedgerUnusable(
                    f"the ledger {self.url} is of schema {version}, this node needs {SCHEMA_VERSION}: "
                    "start the version of the node that wrote it"
                )


def _is_away(error: DatabaseError) -> bool:
    """Locked, full or broken; its other kinds, as a violated constraint, are faults of ours."""
    return type(error) in (DatabaseError, OperationalError)
