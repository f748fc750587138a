"""settings.toml -> one frozen Settings, a section per room; all mistakes are reported together.

Each key may be overridden by the environment: ``DICOM_NODE_SCP__PORT`` is ``[scp] port``.
Relative paths are relative to the folder of the settings file (without one: the current folder).
"""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

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


AeTitle = Annotated[str, AfterValidator(_ae_title)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400)]


class Section(BaseModel):
    """Base of every section: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ScpSettings(Section):
    """``[scp]``: the door others open to us."""

    ae_title: AeTitle = "DICOM_NODE"
    host: str = "127.0.0.1"
    port: Port = 11112


class SpoolSettings(Section):
    """``[spool]``: where instances and results are kept."""

    url: Annotated[str, AfterValidator(_spool_url)] = "var/spool"


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
    """``[inference]``: folders that are, or hold, model packages."""

    packages: tuple[Path, ...] = (SHIPPED_PACKAGES,)


class DestinationSettings(Section):
    """``[destinations.<name>]``: where results go."""

    url: Annotated[str, AfterValidator(_destination_url)]


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
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
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
    *sections, key = [str(part) for part in item["loc"] if part != "[key]"]
    place = f"[{'.'.join(sections)}] {key}" if sections else f"[{key}]"
    if item["type"] == "extra_forbidden":
        return f"{place}: unknown{_did_you_mean(key, _keys_beside(sections))}"
    if item["type"] == "missing":
        return f"{place}: missing"
    wanted = item["msg"].removeprefix("Value error, ")
    return f"{place} = {item['input']!r}: {wanted[0].lower()}{wanted[1:]}"


def _keys_beside(sections: list[str]) -> list[str]:
    if not sections:
        return list(Settings.model_fields)
    if sections[0] == "destinations":
        return list(DestinationSettings.model_fields)
    section = Settings.model_fields[sections[0]].annotation
    assert isinstance(section, type) and issubclass(section, Section)
    return list(section.model_fields)


def _did_you_mean(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(known)}"


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    spool = folder / _folder(settings.spool.url)
    ledger = folder / settings.ledger.url.removeprefix("sqlite:///")
    packages = tuple(folder / package for package in settings.inference.packages)
    return settings.model_copy(
        update={
            "spool": SpoolSettings(url=spool.as_uri()),
            "ledger": LedgerSettings(url=f"sqlite:///{ledger}"),
            "inference": InferenceSettings(packages=packages),
        }
    )


def _folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).path)) if url.startswith("file:") else Path(url)
