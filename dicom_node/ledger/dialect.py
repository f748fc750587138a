"""What is particular to SQLite: durability, and who waits for whom."""

from typing import Any

from sqlalchemy import Connection, Engine, event

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
