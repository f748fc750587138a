"""What is particular to SQLite: durability, who waits for whom, and its spelling of "unless it is there"."""

from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, event
from sqlalchemy.dialects import sqlite

BUSY_MILLISECONDS = 30_000


def prepare_sqlite(engine: Engine) -> None:
    """WAL with synchronous=FULL: a commit that returned survives a power cut; readers never block the writer.

    Writing transactions begin IMMEDIATE: the lock is waited for at their start, where waiting is
    possible, and not in their middle, where SQLite can only give up.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def insert_if_new(table: Table) -> Insert:
    """An INSERT that does nothing, and counts no row, where the primary key is there already."""
    return sqlite.insert(table).on_conflict_do_nothing()
