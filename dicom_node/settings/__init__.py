"""What can be set: settings.toml as one frozen Settings, a section per room; all mistakes are told together.

Each key may be overridden by the environment: ``DICOM_NODE_SCP__PORT`` is ``[scp] port``.
Relative paths are relative to the folder of the settings file (without one: the current folder).
"""

from dicom_node.settings.address import without_password
from dicom_node.settings.environment import ENVIRONMENT_PREFIX
from dicom_node.settings.load import load_settings
from dicom_node.settings.scp import ModalitySettings, ScpSettings, TlsSettings
from dicom_node.settings.settings import (
    CompletenessSettings,
    DestinationSettings,
    LedgerSettings,
    QueueSettings,
    ResultsSettings,
    Settings,
)

__all__ = [
    "ENVIRONMENT_PREFIX",
    "CompletenessSettings",
    "DestinationSettings",
    "LedgerSettings",
    "ModalitySettings",
    "QueueSettings",
    "ResultsSettings",
    "ScpSettings",
    "Settings",
    "TlsSettings",
    "load_settings",
    "without_password",
]
