"""Which addresses we can use: of spool, ledger, queue and destinations, and those that modalities call from."""

import re
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator

from dicom_node.settings.section import require_ae_title

_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@]*@")


def without_password(text: str) -> str:
    """``text`` with the passwords of the URLs in it starred out: for what is shown or logged."""
    return _PASSWORD.sub(r"\1:***@", text)


def _spool_url(value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in ("", "file"):
        raise ValueError("allowed: a folder, or file:///PATH")
    return value


def _ledger_url(value: str) -> str:
    if not value.startswith("sqlite:///"):
        raise ValueError("allowed: sqlite:///PATH")
    return value


def _queue_url(value: str) -> str:
    if value not in ("embedded", "none") and urlsplit(value).scheme not in (
        "redis",
        "rediss",
        "redis+socket",
    ):
        raise ValueError("allowed: embedded, none, redis://HOST:PORT/DB, rediss://…, redis+socket:///PATH")
    return value


def _destination_url(value: str) -> str:
    url = urlsplit(value)
    try:
        named = bool(url.hostname and url.port)
    except ValueError:
        named = False
    if url.scheme != "dicom" or not url.username or not named:
        raise ValueError("allowed: dicom://AE_TITLE@HOST:PORT")
    require_ae_title(unquote(url.username))
    return value


def _peer_address(value: str) -> str:
    """An IP address, a network, or a host name (RFC 1123 and underscores, which occur in hospitals)."""
    if not re.search(r"[^0-9a-fA-F.:/]", value) and re.search(r"[.:/]", value):
        _ip_network(value)
    elif not re.fullmatch(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?", value):
        raise ValueError("allowed: a host name, an IP address, or a network such as 10.1.2.0/24")
    return value


def _ip_network(value: str) -> None:
    try:
        ip_network(value)
    except ValueError as error:
        raise ValueError(f"no IP address or network: {error}") from None


SpoolUrl = Annotated[str, AfterValidator(_spool_url)]
LedgerUrl = Annotated[str, AfterValidator(_ledger_url)]
QueueUrl = Annotated[str, AfterValidator(_queue_url)]
DestinationUrl = Annotated[str, AfterValidator(_destination_url)]
PeerAddress = Annotated[str, AfterValidator(_peer_address)]
