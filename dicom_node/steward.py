"""The steward: every step between the door and the worker, and the way back, in one process.

Each duty runs in a thread of its own, so that a broker or destination that hangs keeps nobody else waiting.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator

from dicom_node.delivery.courier import Courier
from dicom_node.delivery.destination import parse_destination
from dicom_node.errors import BrokerAway
from dicom_node.ledger import Ledger, deliveries, processes, studies
from dicom_node.process import Process, is_running
from dicom_node.queue.broker import broker_url, make_app
from dicom_node.queue.hints import send_hints
from dicom_node.queue.rescue import rescue_abandoned
from dicom_node.routing.packages import find_packages
from dicom_node.routing.router import route_complete_studies
from dicom_node.scp.recovery import enter_without_row
from dicom_node.settings import Settings
from dicom_node.spool import DiskSpool
from dicom_node.study.watcher import mark_complete_studies

logger = logging.getLogger(__name__)

AT_WORK = "at work"
LOOK_EVERY_SECONDS = 0.2
COMPARE_SPOOL_EVERY_SECONDS = 600.0
END_WITHIN_SECONDS = 5.0

Duty = Callable[[], object]


def run_steward(process: Process, settings: Settings, spool: DiskSpool) -> None:
    """Do all duties again and again until ``process`` is stopped."""
    _free_what_a_dead_steward_was_sending(process, settings)
    duties = dict(_duties(process, settings, spool))
    threads = [
        *(_start(process, name, duty, every_seconds=LOOK_EVERY_SECONDS) for name, duty in duties.items()),
        _start(
            process,
            "spool",
            lambda: enter_without_row(spool, process.ledger, now=time.time()),
            every_seconds=COMPARE_SPOOL_EVERY_SECONDS,
        ),
    ]
    process.stop.wait()
    for thread in threads:
        thread.join(END_WITHIN_SECONDS)


def _start(process: Process, name: str, duty: Duty, *, every_seconds: float) -> threading.Thread:
    thread = threading.Thread(
        target=process.repeat,
        args=(duty,),
        kwargs={"every_seconds": every_seconds},
        name=name,
        daemon=True,
    )
    thread.start()
    return thread


def _free_what_a_dead_steward_was_sending(process: Process, settings: Settings) -> None:
    with process.ledger.transaction() as tx:
        alive = [each.process for each in processes.alive(tx, now=time.time()) if each.kind == "steward"]
        if not any(is_running(each) for each in alive if each != process.name):
            deliveries.free_abandoned(tx, now=time.time())
        deliveries.name_unknown_destinations(tx, settings.destinations)


def _duties(process: Process, settings: Settings, spool: DiskSpool) -> Iterator[tuple[str, Duty]]:
    ledger = process.ledger
    yield "studies", _studies_duty(process, settings, spool)
    yield (
        "rescue",
        lambda: rescue_abandoned(ledger, attempts_at_most=settings.queue.attempts_at_most, now=time.time()),
    )
    url = broker_url(settings)
    if url is not None:
        yield "hints", _hints_duty(process, url)
    for name in settings.destinations:
        yield f"courier to {name}", _courier(settings, ledger, spool, name).deliver_due


def _studies_duty(process: Process, settings: Settings, spool: DiskSpool) -> Duty:
    ledger = process.ledger
    packages = find_packages(settings.inference.packages)
    for mistake in packages.mistakes:
        logger.error("%s", mistake)
    if not packages.usable:
        process.say(f"{AT_WORK}; no model package is in order, see `dicom-node check`")

    def once_around() -> None:
        mark_complete_studies(ledger, settings.completeness, now=time.time())
        route_complete_studies(ledger, spool, packages.usable, now=time.time())
        with ledger.snapshot() as tx:
            anything_ended = studies.any_owed_nothing(tx)
        if anything_ended:
            with ledger.transaction() as tx:
                studies.finish_those_owed_nothing(tx, now=time.time())

    return once_around


def _hints_duty(process: Process, url: str) -> Duty:
    app = make_app(url)
    told = process.state

    def send() -> None:
        try:
            send_hints(process.ledger, app, now=time.time())
        except BrokerAway as error:
            process.say(f"{AT_WORK}; {error}")
            raise
        if process.state != told:
            process.say(told)

    return send


def _courier(settings: Settings, ledger: Ledger, spool: DiskSpool, name: str) -> Courier:
    return Courier(
        ledger=ledger,
        spool=spool,
        destination=parse_destination(name, settings.destinations[name]),
        calling_ae_title=settings.scp.ae_title,
        retry_at_most_seconds=settings.delivery.retry_at_most_seconds,
        clock=time.time,
    )
