"""What is wrong with model.toml, a sentence for each mistake: the line, the key, what is allowed."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from inference.package.declared import did_you_mean
from inference.package.location import Path, line_of, lines_of

Mistake = tuple[Path, str]
"""Where in the file, and the sentence."""


def mistakes_in(error: ValidationError, tables: Mapping[str, Any], root: type[BaseModel]) -> list[Mistake]:
    """The mistakes of ``error``, which came of reading ``tables`` as ``root``."""
    found: list[Mistake] = []
    for item in error.errors():
        place = _place(item, tables)
        found.append((place, _sentence(item, place, _keys_at(item["loc"], root))))
    return found


def with_lines(mistakes: Iterable[Mistake], text: str) -> list[str]:
    """``line 7: [input.Modality] …`` for each mistake, in the order of their lines."""
    lines = lines_of(text)
    placed = [(line_of(path, lines), path, sentence) for path, sentence in mistakes]
    placed.sort(key=lambda each: each[0] or 0)
    return [
        f"{f'line {line}: ' if line else ''}[{'.'.join(map(str, path))}] {sentence}"
        for line, path, sentence in placed
    ]


def _place(item: Any, tables: Any) -> Path:
    """The path in the file: pydantic also names which kind of table it took a value for."""
    location, value = item["loc"], tables
    path: Path = ()
    if item["type"] == "union_tag_invalid":
        location = (*location, item["ctx"]["discriminator"].strip("'"))
    for number, part in enumerate(location, start=1):
        if (isinstance(value, dict) and part in value) or isinstance(value, list):
            value = value[part]
            path = (*path, part)
        elif number == len(location) and isinstance(value, dict):
            path = (*path, part)  # a key that is missing
    return path


def _sentence(item: Any, place: Path, known: list[str]) -> str:
    kind, given = item["type"], item["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        key = str(item["loc"][-1])
        return f"is no key here; known are {', '.join(known)}{did_you_mean(key, known)}"
    if kind == "literal_error":
        return _not_among(given, item["ctx"]["expected"].replace(" or ", ", ").split(", "))
    if kind == "union_tag_invalid":
        return _not_among(item["ctx"]["tag"], item["ctx"]["expected_tags"].split(", "))
    if kind == "union_tag_not_found":
        return f"has no key {item['ctx']['discriminator']}"
    if kind in ("tuple_type", "list_type") and isinstance(given, dict):
        name = ".".join(str(part) for part in place if isinstance(part, str))
        return f"is one table, but there may be several; write [[{name}]] over each"
    return str(item["msg"]).removeprefix("Value error, ").removeprefix("Input ")


def _not_among(given: object, allowed: list[str]) -> str:
    words = [word.strip("'") for word in allowed]
    hint = did_you_mean(given, words) if isinstance(given, str) else ""
    return f"is {given!r}, but must be {' or '.join(words)}{hint}"


def _keys_at(location: tuple[int | str, ...], root: type[BaseModel]) -> list[str]:
    """The keys of the table in which the last part of ``location`` stands."""
    tables = [root]
    for part in location[:-1]:
        below = [inner for table in tables for inner in _tables_in(_annotation(table, part))]
        tables = below or [table for table in tables if _is_of_kind(table, part)] or tables
    return sorted({key for table in tables for key in table.model_fields})


def _annotation(table: type[BaseModel], key: int | str) -> Any:
    if key in table.model_fields:
        return table.model_fields[str(key)].annotation
    return table.__annotations__.get("__pydantic_extra__")


def _is_of_kind(table: type[BaseModel], part: int | str) -> bool:
    field = table.model_fields.get("step") or table.model_fields.get("rule")
    return field is not None and part in get_args(field.annotation)


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [table for argument in get_args(annotation) for table in _tables_in(argument)]
