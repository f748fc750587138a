"""What a field of a pydantic model allows and holds by default, in the words of the documents."""

import json
import re
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import ByteSize
from pydantic.fields import FieldInfo

NUMBERS = {int: "integer", float: "number", ByteSize: "size"}


def words_of(field: FieldInfo) -> list[str]:
    """What must stand in the cell of the field's values: its kind and limits, or each of its choices."""
    kind = _without_none(field.annotation)
    if get_origin(kind) is Literal:
        return [f"`{choice}`" for choice in get_args(kind)]
    metadata = list(field.metadata)
    if get_origin(kind) is Annotated:
        kind, *more = get_args(kind)
        metadata += [limit for each in more for limit in getattr(each, "metadata", [each])]
    if kind in NUMBERS:
        return [", ".join([NUMBERS[kind], *_limits(metadata)])]
    return ["true or false"] if kind is bool else []


def longest_of(field: FieldInfo) -> int | None:
    """How many characters a text may have at most, where that is limited."""
    return next((each.max_length for each in field.metadata if isinstance(each, MaxLen)), None)


def is_plain_text(field: FieldInfo) -> bool:
    """Whether a text is held to ASCII without the backslash, and to nothing narrower."""
    patterns = [each.pattern for each in field.metadata if getattr(each, "pattern", None)]
    printable = "".join(map(chr, range(32, 127))).replace("\\", "")
    return bool(patterns) and all(
        re.search(pattern, printable) and not re.search(pattern, "\\") and not re.search(pattern, "ü")
        for pattern in patterns
    )


def default_of(field: FieldInfo) -> str:
    """The default as a cell writes it: as in TOML, in backticks; ``required`` and ``none`` as words."""
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    return "none" if default is None else f"`{json.dumps(default)}`"


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        rest = [each for each in get_args(kind) if each is not type(None)]
        return rest[0] if len(rest) == 1 else kind
    return kind


def _limits(metadata: list[Any]) -> list[str]:
    least = next((each for each in metadata if isinstance(each, Ge | Gt)), None)
    most = next((each for each in metadata if isinstance(each, Le | Lt)), None)
    if isinstance(least, Ge) and isinstance(most, Le):
        return [f"{least.ge:g} to {_plain(most.le)}"]
    said = []
    if least is not None:
        said.append(f"at least {least.ge}" if isinstance(least, Ge) else f"above {least.gt}")
    if most is not None:
        said.append(f"at most {most.le}" if isinstance(most, Le) else f"below {most.lt}")
    return said


def _plain(number: Any) -> str:
    return str(int(number)) if number == int(number) else str(number)
