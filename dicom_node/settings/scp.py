"""``[scp]``, ``[scp.tls]`` and ``[[scp.modality]]``: what can be set of the door."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from dicom_node.settings.address import PeerAddress
from dicom_node.settings.section import AeTitle, Associations, Port, Seconds, Section, Size, SopClassUid


class TlsSettings(Section):
    """``[scp.tls]``: DICOM over TLS, on a port of its own (PS3.15 annex B.12)."""

    port: Port = 2762
    certificate: Path
    key: Path
    peers_ca: Path | None = None
    mutual: bool = Field(default=True, validate_default=True)

    @field_validator("mutual")
    @classmethod
    def _has_whom_to_trust(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("peers_ca", "wrong, and named already") is None:
            raise ValueError("peers_ca is missing: the file with the certificates by which peers are known")
        return value


class ModalitySettings(Section):
    """``[[scp.modality]]``: who may call us, and from where."""

    ae_title: AeTitle
    address: PeerAddress
    tls_only: bool = False
    associations_at_most: Associations | None = None
    commitment_port: Port | None = None


class ScpSettings(Section):
    """``[scp]``: the door others open to us."""

    ae_title: AeTitle = "DICOM_NODE"
    host: str = "127.0.0.1"
    port: Port = 11112
    any_called_ae_title: bool = True
    receiver: Literal["streaming", "stock"] = "streaming"
    associations_at_most: Associations = 200
    associations_per_address: Associations = 50
    associations_reserved: Annotated[int, Field(ge=0, le=10000)] = Field(default=20, validate_default=True)
    request_seconds: Seconds = 10.0
    pdu_seconds: Seconds = 30.0
    idle_seconds: Seconds = 60.0
    instance_at_most: Annotated[Size, Field(ge=1_000_000)] = Field(default="4 GB", validate_default=True)
    private_sop_classes: tuple[SopClassUid, ...] = ()
    modality: tuple[ModalitySettings, ...] = ()
    tls: TlsSettings | None = None

    @field_validator("associations_reserved")
    @classmethod
    def _leaves_room(cls, value: int, info: ValidationInfo) -> int:
        if value >= info.data.get("associations_at_most", value + 1):
            raise ValueError("must be less than associations_at_most")
        return value

    @field_validator("modality", mode="before")
    @classmethod
    def _is_a_list(cls, value: Any) -> Any:
        if isinstance(value, dict):
            raise ValueError("write [[scp.modality]], in two brackets: there may be several")
        return value

    @field_validator("tls")
    @classmethod
    def _has_a_port_of_its_own(cls, value: TlsSettings | None, info: ValidationInfo) -> TlsSettings | None:
        if value is not None and value.port == info.data.get("port"):
            raise ValueError("its port must not be [scp] port (PS3.15 annex B.12)")
        return value
