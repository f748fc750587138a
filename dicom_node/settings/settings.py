"""The whole of settings.toml: Settings, and a section for each room; those of the door are in ``scp``."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationInfo, field_validator

from dicom_node.settings.address import DestinationUrl, LedgerUrl, QueueUrl, SpoolUrl
from dicom_node.settings.scp import ScpSettings
from dicom_node.settings.section import Port, Seconds, Section, SeriesDescription, Size


class SpoolSettings(Section):
    """``[spool]``: where instances and results are kept."""

    url: SpoolUrl = "var/spool"
    keep_free: Size = Field(default="1 GB", validate_default=True)


class LedgerSettings(Section):
    """``[ledger]``: the truth about what is owed."""

    url: LedgerUrl = "sqlite:///var/ledger.sqlite3"


class QueueSettings(Section):
    """``[queue]``: how workers are woken, and when their work is taken from them."""

    url: QueueUrl = "embedded"
    lease_seconds: Annotated[float, Field(ge=2, le=3600)] = 30.0
    attempts_at_most: Annotated[int, Field(ge=1, le=20)] = 3
    analysis_at_most_seconds: Seconds = 1800.0


class CompletenessSettings(Section):
    """``[completeness]``: when a study counts as complete."""

    quiet_seconds: Seconds = 10.0
    at_most_seconds: Seconds = 1800.0


class DeliverySettings(Section):
    """``[delivery]``: how patiently results are sent again."""

    retry_at_most_seconds: Seconds = 60.0


class DashboardSettings(Section):
    """``[dashboard]``: the window."""

    host: str = "127.0.0.1"
    port: Port = 8042


class InferenceSettings(Section):
    """``[inference]``: folders that are, or hold, model packages; none named means those that ship with the node."""

    packages: tuple[Path, ...] = ()


class ResultsSettings(Section):
    """``[results]``: whether silence is reported, and how the series of results are numbered and named."""

    refusals: bool = True
    failures: bool = True
    series_number_times: Annotated[int, Field(ge=0, le=1000)] = 100
    series_number_plus: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    series_description: SeriesDescription = "{model} {version} {kind}"


class DestinationSettings(Section):
    """``[destinations.<name>]``: where results go, and how they are stored for it."""

    url: DestinationUrl
    kinds: tuple[Literal["SEG", "SR", "SC", "PR", "PM"], ...] = ()
    segmentation: Literal["BINARY", "LABELMAP"] = "BINARY"
    compression: Literal["native", "deflated", "RLE", "JPEG-LS"] = "native"
    frames_at_most: Annotated[int, Field(ge=1)] | None = None

    @field_validator("compression")
    @classmethod
    def _can_be_compressed_so(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("segmentation") == "BINARY" and value in ("RLE", "JPEG-LS"):
            raise ValueError('only segmentation = "LABELMAP" can be so; BINARY is native or deflated')
        return value


class Settings(Section):
    """The whole of settings.toml."""

    scp: ScpSettings = ScpSettings()
    spool: SpoolSettings = SpoolSettings()
    ledger: LedgerSettings = LedgerSettings()
    queue: QueueSettings = QueueSettings()
    completeness: CompletenessSettings = CompletenessSettings()
    delivery: DeliverySettings = DeliverySettings()
    dashboard: DashboardSettings = DashboardSettings()
    inference: InferenceSettings = InferenceSettings()
    results: ResultsSettings = ResultsSettings()
    destinations: dict[
        Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")], DestinationSettings
    ] = Field(default_factory=dict)

    @property
    def spool_folder(self) -> Path:
        """The folder that ``[spool] url`` names; absolute in settings that were loaded."""
        return _folder(self.spool.url)


def _folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(url)
