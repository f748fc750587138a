"""A destination as its URL names it."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dicom_node.settings import DestinationSettings


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A storage SCP: ``dicom://AE_TITLE@HOST:PORT``. ``name`` is its section in the settings."""

    name: str
    ae_title: str
    host: str
    port: int


def parse_destination(name: str, settings: DestinationSettings) -> Destination:
    """The destination of ``[destinations.<name>]``; the settings have checked the URL."""
    url = urlsplit(settings.url)
    assert url.username and url.hostname and url.port
    return Destination(name=name, ae_title=unquote(url.username), host=url.hostname, port=url.port)
