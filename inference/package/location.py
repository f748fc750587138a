"""On which line of model.toml does a key stand?

``tomllib`` gives values without places. Here the text is cut into statements by ``tomllib`` itself: a statement
ends at the first line with which it reads as TOML. So no second reading of TOML can disagree with the first.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]

MOST_CHARACTERS_READ = 4 * 1024 * 1024
"""A statement over many lines is read anew with each; an endless one ends the search, not the process."""


def lines_of(text: str) -> dict[Path, int]:
    """Path of keys and indices -> line (from 1) where it is first named; ``text`` must be TOML.

    What stands inside a value over several lines has the line on which the value begins. Where the text is
    larger than is worth reading twice, what comes late in it has no line.
    """
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, source in _statements(text):
        parsed = tomllib.loads(source)
        if source.lstrip().startswith("["):
            table = _enter(parsed, counts)
            named = [table[:end] for end in range(1, len(table) + 1)]
        else:
            named = list(_paths_in(parsed, table))
        for path in named:
            found.setdefault(path, line)
    return found


def line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """The line of ``path``, or of the nearest table around it; None where nothing of it stands in the file."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    first, kept, read = 1, "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        kept += line + "\n"
        read += len(kept)
        if read > MOST_CHARACTERS_READ:
            return
        if _is_whole(kept):
            yield first, kept
            first, kept = number + 1, ""


def _is_whole(source: str) -> bool:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _enter(header: Mapping[str, Any], counts: dict[Path, int]) -> Path:
    """The path a header such as ``[[output.segment]]`` opens, with the index of the table in its array."""
    path: Path = ()
    value: Any = header
    while isinstance(value, dict) and value:
        ((key, value),) = value.items()
        path = (*path, key)
        if isinstance(value, list):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _paths_in(value: Any, path: Path) -> Iterator[Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*path, key)
        yield from _paths_in(below, (*path, key))
