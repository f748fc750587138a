"""Who made a result, from what, and therefore what its UIDs are.

A result's UIDs are derived from what it was made of: made again from the same, it is the same instance,
and a PACS that has it may keep what it has. Anything that could change the content changes the UID, since
some archives answer Success to a known SOP Instance UID and keep the old content.
"""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID, uuid5

from inference.encode.analysed import Analysed

NAMESPACE = UUID("0b3a4c7e-6f0d-5b52-9a86-3c1d2e8f7a95")
MANUFACTURER = "dicom-node"
DISTRIBUTION = "dicom-node"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The derived UIDs of one analysis. ``origin`` is all it was made of, in a fixed order."""

    origin: tuple[str, ...]

    def series_instance_uid(self, kind: str) -> str:
        """Series Instance UID of the one result of this kind: viewers show the last instance of a series only."""
        return derived_uid(*self.origin, kind, "series")

    def sop_instance_uid(self, kind: str) -> str:
        """SOP Instance UID of the one result of this kind."""
        return derived_uid(*self.origin, kind, "instance")

    def other_uid(self, kind: str, purpose: str) -> str:
        """Any further UID inside a result: tracking, dimension organisation."""
        return derived_uid(*self.origin, kind, purpose)


def identity_of(analysed: Analysed) -> Identity:
    """Study, source instances, model name, version and digest, the software that encodes; and what was asked of it.

    That is how series are named, and which instances the result says it replaces.
    """
    replaced = (each.sop_instance_uid for each in analysed.replaces)
    return Identity(origin=(*_made_of(analysed), *analysed.series.words, *replaced))


def tracking_uid(analysed: Analysed, label: str) -> str:
    """Tracking Unique Identifier of a finding: the same in its SEG and in the report, however they are stored."""
    return Identity(origin=_made_of(analysed)).other_uid(f"SEG {label}", "tracking")


def _made_of(analysed: Analysed) -> tuple[str, ...]:
    model = analysed.manifest.model
    return (
        str(analysed.header.StudyInstanceUID),
        *analysed.sop_instance_uids,
        model.name,
        model.version,
        analysed.digest,
        software_version(),
    )


def device_uid(analysed: Analysed) -> str:
    """The observer of a report is this model in this version, wherever it runs."""
    model = analysed.manifest.model
    return derived_uid("device", model.name, model.version, analysed.digest)


def software_version() -> str:
    """This software's version; ``0`` where it runs from a folder without being installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


def derived_uid(*parts: str) -> str:
    """A UID under 2.25 (PS3.5 B.2) from the UUID version 5 of the parts."""
    # No part holds a line feed: UIDs, names and hex digits. So different parts give different texts.
    return f"2.25.{uuid5(NAMESPACE, chr(10).join(parts)).int}"
