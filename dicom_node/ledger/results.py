"""Results: the instances an analysis made, to whom they are owed, and which they are given in place of."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import RowMapping, insert, select

from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import DeliveryState
from dicom_node.ledger.schema import analysis, delivery, result


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One SEG, SR … instance in the spool under ``key``, owed to each of ``destinations``."""

    sop_instance_uid: str
    kind: str
    sop_class_uid: str
    series_instance_uid: str
    key: str
    size_bytes: int
    sha256: str
    destinations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """One instance of an earlier analysis, or of an earlier attempt."""

    analysis_id: str
    kind: str
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str


def enter(tx: Transaction, made: Iterable[ResultRow], *, analysis_id: str, now: float) -> None:
    """Write down the instances and what is owed of them; part of the commit that ends their analysis."""
    for each in made:
        values = asdict(each)
        destinations = values.pop("destinations")
        tx.execute(insert(result).values(**values, analysis_id=analysis_id, made_at=now))
        for destination in destinations:
            tx.execute(
                insert(delivery).values(
                    sop_instance_uid=each.sop_instance_uid,
                    destination=destination,
                    state=DeliveryState.OWED,
                    next_attempt_at=now,
                    owed_at=now,
                )
            )


def known(tx: Transaction, sop_instance_uids: Sequence[str]) -> frozenset[str]:
    """Those of the UIDs under which there is a result already."""
    query = select(result.c.sop_instance_uid).where(result.c.sop_instance_uid.in_(sop_instance_uids))
    return frozenset(tx.scalars(query))


def replaced_by(tx: Transaction, analysis_id: str) -> list[Replaced]:
    """The results in whose place those of this analysis will be given.

    They are of the same model, on the same series of the same study, from some of the same instances: of an earlier
    version of the model or, in the same version, of an analysis that was ordered earlier, the newest of these. What
    earlier attempts of the analysis itself left, a report that it failed, is among them.
    """
    ours = tx.execute(select(analysis).where(analysis.c.analysis_id == analysis_id)).mappings().one()
    query = select(analysis).where(
        analysis.c.study_instance_uid == ours["study_instance_uid"],
        analysis.c.series_instance_uid == ours["series_instance_uid"],
        analysis.c.model_name == ours["model_name"],
        analysis.c.analysis_id != analysis_id,
        analysis.c.analysis_id.in_(select(result.c.analysis_id)),
    )
    earlier = [row for row in tx.execute(query).mappings() if _is_followed(row, ours)]
    newest = [max(earlier, key=_age)["analysis_id"]] if earlier else []
    return _of(tx, [*newest, analysis_id])


def _is_followed(row: RowMapping, ours: RowMapping) -> bool:
    is_shared = not set(row["source_instance_uids"]).isdisjoint(ours["source_instance_uids"])
    return is_shared and _age(row) < _age(ours)


def _age(row: RowMapping) -> tuple[tuple[int, ...], float, str]:
    version = tuple(int(part) if part.isdigit() else 0 for part in row["model_version"].split("."))
    return version, row["queued_at"], row["analysis_id"]


def _of(tx: Transaction, analysis_ids: Sequence[str]) -> list[Replaced]:
    columns = [result.c[name] for name in Replaced.__dataclass_fields__]
    query = select(*columns).where(result.c.analysis_id.in_(analysis_ids))
    return [
        Replaced(**row)
        for row in tx.execute(query.order_by(result.c.made_at, result.c.sop_instance_uid)).mappings()
    ]
