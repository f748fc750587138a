"""Relative paths in the settings are relative to the folder they were read in."""

from pathlib import Path

from dicom_node.settings.scp import TlsSettings
from dicom_node.settings.settings import InferenceSettings, LedgerSettings, Settings

SHIPPED_PACKAGES = Path(__file__).parents[2] / "inference" / "models"
"""Where the model packages lie that ship with the node; taken where none are named."""


def with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    """The same with every path absolute: seen from ``folder`` where it is relative."""
    spool = folder / settings.spool_folder
    ledger = folder / settings.ledger.url.removeprefix("sqlite:///")
    packages = tuple(folder / package for package in settings.inference.packages or (SHIPPED_PACKAGES,))
    tls = _tls_with_absolute_paths(settings.scp.tls, folder)
    return settings.model_copy(
        update={
            "scp": settings.scp.model_copy(update={"tls": tls}),
            "spool": settings.spool.model_copy(update={"url": spool.as_uri()}),
            "ledger": LedgerSettings(url=f"sqlite:///{ledger}"),
            "inference": InferenceSettings(packages=packages),
        }
    )


def _tls_with_absolute_paths(tls: TlsSettings | None, folder: Path) -> TlsSettings | None:
    if tls is None:
        return None
    named = {"certificate": tls.certificate, "key": tls.key, "peers_ca": tls.peers_ca}
    return tls.model_copy(update={name: folder / path for name, path in named.items() if path is not None})
