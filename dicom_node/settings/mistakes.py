"""What is wrong with the settings, a sentence for each mistake: the section, the key, what is allowed."""

from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from dicom_node.settings.address import without_password
from dicom_node.settings.section import Section
from dicom_node.settings.settings import DestinationSettings, Settings


def mistakes_in(error: ValidationError) -> list[str]:
    """The mistakes of ``error``, which came of reading tables as Settings."""
    return [_sentence(item) for item in error.errors()]


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
        return f"{place} = {_shown(item['input'])}: allowed: a number of bytes, or a text such as '4 GB' or '512 MiB'"
    wanted = item["msg"].removeprefix("Value error, ")
    return f"{place} = {_shown(item['input'])}: {wanted[0].lower()}{wanted[1:]}"


def _shown(value: Any) -> str:
    """As it was written; mistakes end in logs."""
    return without_password(repr(value))


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
