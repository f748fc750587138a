"""What is for volumes and what is for images: does the manifest ask for one of the other?

``[input] each`` says which of the two a package reads: a series is a volume, an instance an image.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inference.package.output import Kind

Place = tuple[str | int, ...]

KINDS_OF_VOLUMES: tuple[Kind, ...] = ("volume", "longest_diameter_3d")
KINDS_OF_IMAGES: tuple[Kind, ...] = ("area",)

_FOR_VOLUMES: Mapping[tuple[str, str], Sequence[str]] = {
    ("preprocess", "step"): ("orient", "resample"),
    ("rule", "rule"): ("volume_between", "on_side"),
    ("measurement", "kind"): KINDS_OF_VOLUMES,
}
_FOR_IMAGES: Mapping[tuple[str, str], Sequence[str]] = {
    ("rule", "rule"): ("area_between",),
    ("measurement", "kind"): KINDS_OF_IMAGES,
}


def of_the_other(tables: Mapping[str, Any], each: object) -> Iterator[tuple[Place, str]]:
    """(place, sentence) for what ``[input] each`` cannot have; nothing where ``each`` is neither of the two.

    ``tables`` are the plain tables of model.toml.
    """
    if each == "instance":
        yield from _named(tables, _FOR_VOLUMES, 'is for volumes; [input] each = "instance" reads images')
        yield from _sizes(tables, "smallest_mm3", 'is for volumes; of an image it is "smallest_mm2"')
    if each == "series":
        yield from _named(tables, _FOR_IMAGES, 'is for images; [input] each = "series" reads volumes')
        yield from _sizes(tables, "smallest_mm2", 'is for images; of a volume it is "smallest_mm3"')


def _named(
    tables: Mapping[str, Any], strange: Mapping[tuple[str, str], Sequence[str]], sentence: str
) -> Iterator[tuple[Place, str]]:
    for (table, key), names in strange.items():
        for place, row in _rows(tables, table):
            if row.get(key) in names:
                yield (*place, key), f"is {row[key]!r}, which {sentence}"


def _sizes(tables: Mapping[str, Any], key: str, sentence: str) -> Iterator[tuple[Place, str]]:
    for place, row in _rows(tables, "postprocess"):
        if key in row:
            yield (*place, key), sentence


def _rows(tables: Mapping[str, Any], name: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    inside: Place = ("output",) if name == "measurement" else ()
    around = tables.get("output") if inside else tables
    rows = around.get(name) if isinstance(around, dict) else None
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield (*inside, name, index), row
