"""Holds every model package against every series of a complete study, and orders the analyses."""

import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydicom import dcmread
from pydicom.multival import MultiValue

from dicom_node.events import Event
from dicom_node.ledger import Ledger, Transaction, analyses, decisions, instances, journal, studies
from dicom_node.ledger.analyses import Order
from dicom_node.ledger.decisions import Decision
from dicom_node.ledger.instances import Instance
from dicom_node.routing.packages import Package
from dicom_node.spool import DiskSpool
from dicom_node.unreadable import UNREADABLE
from inference.package.match import Attributes, reasons_to_decline

logger = logging.getLogger(__name__)

ANALYSES = uuid.UUID("5f0c4b0e-6a57-5d0b-9a3c-0d1c7f5a9b11")
"""Namespace of analysis identifiers (UUIDv5): the same order always has the same one."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What one analysis would be made from: an instance, or a series of them."""

    series_instance_uid: str
    members: tuple[Instance, ...]
    attributes: Attributes | None
    unreadable: str | None = None


def route_complete_studies(
    ledger: Ledger, spool: DiskSpool, packages: Sequence[Package], *, now: float
) -> int:
    """Take the step complete -> routed for every study that waits for it; returns how many took it.

    Without any usable package studies stay complete: they are routed when there is one.
    """
    if not packages:
        return 0
    with ledger.snapshot() as tx:
        waiting = studies.complete(tx)
    return sum(_route(ledger, spool, packages, uid, now=now) for uid in waiting)


def _route(
    ledger: Ledger, spool: DiskSpool, packages: Sequence[Package], study_instance_uid: str, *, now: float
) -> bool:
    with ledger.snapshot() as tx:
        held = instances.of_study(tx, study_instance_uid)
    made: list[Decision] = []
    orders: list[Order] = []
    for package in packages:
        found, ordered = _decide(package, study_instance_uid, _units(package, held, spool))
        made += found
        orders += ordered
    without = [package for package in packages if not any(_is_for(package, order) for order in orders)]
    with ledger.transaction() as tx:
        if not studies.mark_routed(tx, study_instance_uid, detail=_summary(packages, orders), now=now):
            return False
        decisions.replace_all(tx, study_instance_uid, made, now=now)
        for order in orders:
            analyses.queue(tx, order, now=now)
        for package in without:
            if package.manifest.input.on_none == "tell":
                _tell(tx, package, study_instance_uid, now=now)
    logger.info("study %s routed: %s", study_instance_uid, _summary(packages, orders))
    return True


def _is_for(package: Package, order: Order) -> bool:
    return (order.model_name, order.model_version) == (package.name, package.version)


def _tell(tx: Transaction, package: Package, study_instance_uid: str, *, now: float) -> None:
    journal.record(
        tx,
        Event.STUDY_DECLINED,
        now=now,
        study_instance_uid=study_instance_uid,
        subject=f"{package.name} {package.version}",
        detail="nothing in the study fits; the decisions say why, series by series",
    )


def _units(package: Package, held: list[Instance], spool: DiskSpool) -> Iterable[Unit]:
    keywords = list(package.manifest.input.rules)
    for series_instance_uid, members in groupby(held, key=lambda each: each.series_instance_uid):
        groups = [tuple(members)]
        if package.manifest.input.each == "instance":
            groups = [(member,) for member in groups[0]]
        for group in groups:
            attributes, unreadable = _read(spool.path(group[0].key), keywords)
            yield Unit(
                series_instance_uid=series_instance_uid,
                members=group,
                attributes=attributes,
                unreadable=unreadable,
            )


def _decide(
    package: Package, study_instance_uid: str, units: Iterable[Unit]
) -> tuple[list[Decision], list[Order]]:
    reasons = [(unit, _reason(package, unit)) for unit in units]
    wanted = [unit for unit, reason in reasons if reason is None]
    too_many = _reason_many(package, len(wanted))
    made, orders = [], []
    for unit, own_reason in reasons:
        reason = own_reason
        if (
            reason is None
            and too_many
            and (package.manifest.input.on_many == "refuse" or unit is not wanted[0])
        ):
            reason = too_many
        made.append(_decision(package, unit, reason))
        if reason is None:
            orders.append(_order(package, study_instance_uid, unit))
    return made, orders


def _reason(package: Package, unit: Unit) -> str | None:
    if unit.attributes is None:
        return unit.unreadable
    return next(reasons_to_decline(package.manifest.input.rules, unit.attributes), None)


def _reason_many(package: Package, fitting: int) -> str | None:
    """Why only the first, or none, of several fitting units is taken; None when there is no such rule."""
    rule = package.manifest.input.on_many
    if fitting < 2 or rule == "all":
        return None
    each = package.manifest.input.each
    return f"{fitting} of its kind fit this model, which takes {'the first' if rule == 'first' else 'one'} {each} only"


def _decision(package: Package, unit: Unit, reason: str | None) -> Decision:
    one = unit.members[0].sop_instance_uid if package.manifest.input.each == "instance" else None
    return Decision(
        series_instance_uid=unit.series_instance_uid,
        sop_instance_uid=one,
        model_name=package.name,
        model_version=package.version,
        reason_to_decline=reason,
    )


def _order(package: Package, study_instance_uid: str, unit: Unit) -> Order:
    sources = tuple(sorted(member.sop_instance_uid for member in unit.members))
    made_of = "\n".join((study_instance_uid, package.name, package.version, *sources))
    return Order(
        analysis_id=str(uuid.uuid5(ANALYSES, made_of)),
        study_instance_uid=study_instance_uid,
        series_instance_uid=unit.series_instance_uid,
        source_instance_uids=sources,
        model_name=package.name,
        model_version=package.version,
    )


def _read(path: Path, keywords: list[str]) -> tuple[Attributes | None, str | None]:
    try:
        header = dcmread(path, stop_before_pixels=True, specific_tags=keywords)
        return {keyword: _texts(header.get(keyword)) for keyword in keywords}, None
    except UNREADABLE as error:
        return None, f"its header cannot be read ({type(error).__name__})"


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, MultiValue) else [value]
    return [str(each) for each in values if each is not None and str(each) != ""]


def _summary(packages: Sequence[Package], orders: list[Order]) -> str:
    return f"models that looked at it: {len(packages)}; analyses ordered: {len(orders)}"
