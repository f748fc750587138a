"""The documents as tests read them: tables by heading, code blocks, links, and what stands in backticks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

Row = dict[str, str]
"""Column -> cell, as written."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A Markdown table and the heading it stands under."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(name: str) -> str:
    """The text of a document, by its path from the root of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def tables(name: str) -> list[Table]:
    """Every table of a document, in order."""
    return list(_tables(read(name).splitlines()))


def table(name: str, heading: str, *columns: str) -> Table:
    """The one table under a heading that has these columns."""
    found = [each for each in tables(name) if each.heading == heading and each.columns == columns]
    assert len(found) == 1, f"{name} has {len(found)} tables of {columns} under '{heading}'"
    return found[0]


def code_blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", read(name), re.DOTALL | re.MULTILINE)


def in_backticks(text: str) -> list[str]:
    """What a text sets as code, blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


def bare(cell: str) -> str:
    """A cell without its backticks."""
    return cell.strip("`")


def _tables(lines: list[str]) -> Iterator[Table]:
    heading, columns, rows = "", (), []
    for line in [*lines, ""]:
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not columns:
                columns = cells
            elif not set("".join(cells)) <= set("-:"):
                assert len(cells) == len(columns), f"a row has {len(cells)} cells, not {len(columns)}: {line}"
                rows.append(dict(zip(columns, cells, strict=True)))
            continue
        if columns:
            yield Table(heading=heading, columns=columns, rows=tuple(rows))
            columns, rows = (), []
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
