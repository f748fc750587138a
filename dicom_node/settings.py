"""settings.toml -> one frozen Settings, a section per room; all mistakes are reported together.

Each key may be overridden by the environment: ``DICOM_NODE_SCP__PORT`` is ``[scp] port``.
Relative paths are relative to the folder of the settings file (without one: the current folder).
"""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, get_args
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from dicom_node.errors import SettingsInvalid

ENVIRONMENT_PREFIX = "DICOM_NODE_"
SHIPPED_PACKAGES = Path(__file__).parent.parent / "inference" / "models"


def _ae_title(value: str) -> str:
    if not re.fullmatch(r"[\x20-\x5b\x5d-\x7e]{1,16}", value) or value != value.strip():
        raise ValueError(
            "an AE title has 1 to 16 ASCII characters, no backslash, no spaces at its ends (PS3.5, AE)"
        )
    return value


def _ledger_url(value: str) -> str:
    if not value.startswith("sqlite:///"):
        raise ValueError("allowed: sqlite:///PATH")
    return value


def _spool_url(value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in ("", "file"):
        raise ValueError("allowed: a folder, or file:///PATH")
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
    _ae_title(unquote(url.username))
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


def _sop_class_uid(value: str) -> str:
    if len(value) > 64 or not re.fullmatch(r"[0-9]+(\.[0-9]+)+", value, re.ASCII):
        raise ValueError("a UID has digits and dots, at most 64 characters (PS3.5 section 9)")
    return value


def _series_description(value: str) -> str:
    try:
        fields = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(value)]
    except ValueError:
        fields = [("", "", None)]
    if any(name is not None and (name not in _SERIES_FIELDS or form or kind) for name, form, kind in fields):
        raise ValueError("in braces are allowed: " + ", ".join(f"{{{name}}}" for name in _SERIES_FIELDS))
    if not re.fullmatch(r"[\x20-\x5b\x5d-\x7e]{1,64}", value):
        raise ValueError("a series description has 1 to 64 ASCII characters, no backslash (PS3.5, LO)")
    return value


_SERIES_FIELDS = ("model", "version", "kind", "source")


def _size(value: Any) -> Any:
    """ByteSize takes "1,5 GB" for one byte: it reads no further than it understands."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?[A-Za-z]*", value):
        raise PydanticCustomError("byte_size", "not a size")
    return value


AeTitle = Annotated[str, AfterValidator(_ae_title)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400)]
Associations = Annotated[int, Field(ge=1, le=10000)]
Size = Annotated[ByteSize, BeforeValidator(_size)]


class Section(BaseModel):
    """Base of every section: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    address: Annotated[str, AfterValidator(_peer_address)]
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
    private_sop_classes: tuple[Annotated[str, AfterValidator(_sop_class_uid)], ...] = ()
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


class SpoolSettings(Section):
    """``[spool]``: where instances and results are kept."""

    url: Annotated[str, AfterValidator(_spool_url)] = "var/spool"
    keep_free: Size = Field(default="1 GB", validate_default=True)


class LedgerSettings(Section):
    """``[ledger]``: the truth about what is owed."""

    url: Annotated[str, AfterValidator(_ledger_url)] = "sqlite:///var/ledger.sqlite3"


class QueueSettings(Section):
    """``[queue]``: how workers are woken, and when their work is taken from them."""

    url: Annotated[str, AfterValidator(_queue_url)] = "embedded"
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
    series_description: Annotated[str, AfterValidator(_series_description)] = "{model} {version} {kind}"


class DestinationSettings(Section):
    """``[destinations.<name>]``: where results go, and how they are stored for it."""

    url: Annotated[str, AfterValidator(_destination_url)]
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
    ] = {}

    @property
    def spool_folder(self) -> Path:
        """The folder that ``[spool] url`` names, absolute."""
        return _folder(self.spool.url)


def load_settings(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings file (or none), let the environment override it, and check the whole.

    Without ``path`` a ``settings.toml`` in the current folder is taken, else the defaults.
    Raises SettingsInvalid with every mistake at once, one a line.
    """
    if path is None and Path("settings.toml").is_file():
        path = Path("settings.toml")
    tables = _read(path) if path else {}
    mistakes = _override(tables, environ)
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        mistakes += [_sentence(item) for item in error.errors()]
    if mistakes:
        where = str(path) if path else "the settings"
        raise SettingsInvalid(f"{where} cannot be used:\n" + "\n".join(f"  {line}" for line in mistakes))
    return _with_absolute_paths(settings, path.resolve().parent if path else Path.cwd())


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(f"there is no settings file {path}; name another with --settings") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsInvalid(f"{path} cannot be read as TOML: {error}") from None


def _override(tables: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Put the environment's values into ``tables``; returns what was wrong with their names."""
    mistakes = []
    for name in sorted(environ):
        if not name.startswith(ENVIRONMENT_PREFIX) or "__" not in name:
            continue  # others may use the prefix: a Kubernetes service named dicom-node does
        *sections, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        table: Any = tables
        for section in sections:
            table = table.setdefault(_as_written(section, table), {}) if isinstance(table, dict) else None
        if not sections or not isinstance(table, dict):
            mistakes.append(f"environment {name}: no such key; the form is {ENVIRONMENT_PREFIX}SECTION__KEY")
        else:
            table[key] = _value(environ[name])
    return mistakes


def _as_written(section: str, table: dict[str, Any]) -> str:
    """Environment names have no case; a destination's name has the one it was given in the file."""
    return next((name for name in table if name.lower() == section), section)


def _value(text: str) -> Any:
    """A list or table is written as in TOML; anything else is taken as it stands."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _sentence(item: Any) -> str:
    *sections, key = [part for part in item["loc"] if part != "[key]"]
    if isinstance(key, int):  # within a list, as [scp] private_sop_classes
        *sections, key = [*sections[:-1], f"{sections[-1]}, number {key + 1},"]
    place = f"{_heading(sections)} {key}" if sections else f"[{key}]"
    if item["type"] == "extra_forbidden":
        return f"{place}: unknown{_did_you_mean(key, _keys_beside(sections))}"
    if item["type"] == "missing":
        return f"{place}: missing"
    if item["type"].startswith("byte_size"):
        return (
            f"{place} = {item['input']!r}: allowed: a number of bytes, or a text such as '4 GB' or '512 MiB'"
        )
    wanted = item["msg"].removeprefix("Value error, ")
    return f"{place} = {item['input']!r}: {wanted[0].lower()}{wanted[1:]}"


def _heading(sections: list[str | int]) -> str:
    """As in the file: ``[scp.tls]``; of a list of tables, which one: ``[[scp.modality]] number 2,``."""
    name = ".".join(part for part in sections if isinstance(part, str))
    number = next((part for part in sections if isinstance(part, int)), None)
    return f"[{name}]" if number is None else f"[[{name}]] number {number + 1},"


def _keys_beside(sections: list[str | int]) -> list[str]:
    if sections[:1] == ["destinations"]:
        return list(DestinationSettings.model_fields)
    section: type[Section] = Settings
    for name in sections:
        if isinstance(name, str):
            section = _section_in(section.model_fields[name].annotation)
    return list(section.model_fields)


def _section_in(annotation: Any) -> type[Section]:
    """``X`` in ``X``, ``X | None`` and ``tuple[X, ...]``."""
    kinds = (annotation, *get_args(annotation))
    return next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Section))


def _did_you_mean(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(known)}"


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    spool = folder / _folder(settings.spool.url)
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


def _folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(url)
