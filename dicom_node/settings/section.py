"""What all sections are made of: frozen, no unknown keys, values within the limits of DICOM and of the node."""

import re
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ByteSize, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """Base of every section: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def require_ae_title(value: str) -> str:
    """Return ``value`` where it is an AE title (PS3.5, AE); raises ValueError with what one is."""
    if not re.fullmatch(r"[\x20-\x5b\x5d-\x7e]{1,16}", value) or value != value.strip():
        raise ValueError(
            "an AE title has 1 to 16 ASCII characters, no backslash, no spaces at its ends (PS3.5, AE)"
        )
    return value


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


AeTitle = Annotated[str, AfterValidator(require_ae_title)]
SopClassUid = Annotated[str, AfterValidator(_sop_class_uid)]
SeriesDescription = Annotated[str, AfterValidator(_series_description)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400)]
Associations = Annotated[int, Field(ge=1, le=10000)]
Size = Annotated[ByteSize, BeforeValidator(_size)]
