"""Model packages as the workers found them: ready, or the reason why not."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, tuple_, update

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.schema import model


@dataclass(frozen=True, kw_only=True)
class ModelState:
    """One package version; no ``reason_not_ready`` means READY. ``digest`` is the SHA-256 of its SHA256SUMS."""

    model_name: str
    model_version: str
    digest: str | None
    reason_not_ready: str | None
    checked_at: float


def record(tx: Transaction, found: ModelState) -> None:
    """Write how a worker found a package."""
    values = {
        "digest": found.digest,
        "reason_not_ready": found.reason_not_ready,
        "checked_at": found.checked_at,
    }
    this = (model.c.model_name == found.model_name) & (model.c.model_version == found.model_version)
    if not tx.execute(update(model).where(this).values(**values)).rowcount:
        tx.execute(
            insert(model).values(model_name=found.model_name, model_version=found.model_version, **values)
        )


def forget_others(tx: Transaction, kept: Collection[tuple[str, str]]) -> None:
    """Take packages (name, version) that are no longer in the settings off the list."""
    tx.execute(delete(model).where(tuple_(model.c.model_name, model.c.model_version).not_in(list(kept))))


def all_found(tx: Transaction) -> list[ModelState]:
    """Every package version a worker has looked at, by name."""
    rows = tx.execute(select(model).order_by(model.c.model_name, model.c.model_version)).mappings()
    return [ModelState(**row) for row in rows]
