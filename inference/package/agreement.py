"""Do the tables of model.toml agree with each other, and with the task?

Read from the plain tables, so that these mistakes are told together with all others.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inference.package.dimensions import of_the_other
from inference.package.input import unknown_keywords
from inference.package.mistakes import Mistake
from inference.package.rules import segments_not_there

Tables = Mapping[str, Any]

OUTPUTS = {"segmentation": "segment", "classification": "finding", "detection": "box"}
"""Task -> the ``[[output.…]]`` it must have, and the only one of these it may have."""

DECIDES = ("threshold", "argmax")
ON_BOXES = ("non_maximum_suppression",)
_UNIQUE = {"segment": ("label", "channel"), "finding": ("label", "channel"), "box": ("label", "class_id")}


def disagreements(tables: Tables) -> list[Mistake]:
    """Each mistake that no table has for itself; what hangs on the task only where it is one that is known."""
    found = [*_of_keywords(_table(tables, "input")), *_of_each(tables), *_of_gate(tables)]
    task, output = _table(tables, "model").get("task"), _table(tables, "output")
    if task in OUTPUTS:
        found += _of_outputs(task, output)
        found += _of_postprocessing(task, tables)
        found += _of_measurements(task, tables)
        found += _of_rules(task, tables)
        found += _of_results(task, tables)
        found += of_the_other(tables, _table(tables, "input").get("each"))
    return [*found, *_of_masks(output)]


def _of_keywords(rules: Tables) -> Iterator[Mistake]:
    for key, sentence in unknown_keywords(rules).items():
        yield ("input", key), sentence


def _of_each(tables: Tables) -> Iterator[Mistake]:
    """Planes of a series are segmented one by one; the other tasks see their whole input at once."""
    each, rank = _table(tables, "input").get("each"), _table(tables, "io").get("input_rank")
    is_segmentation = _table(tables, "model").get("task") == "segmentation"
    if each == "instance" and rank == 5:
        yield ("input", "each"), "is 'instance', but a network with input_rank 5 reads volumes: 'series'"
    if each == "series" and rank == 4 and not is_segmentation:
        yield ("input", "each"), "is 'series', but a network with input_rank 4 reads one image: 'instance'"


def _of_outputs(task: str, output: Tables) -> Iterator[Mistake]:
    needed = OUTPUTS[task]
    if not _list(output, needed):
        yield ("output", needed), f"is missing: a {task} has at least one [[output.{needed}]]"
    for other in OUTPUTS.values():
        if other != needed and other in output:
            yield ("output", other), f"belongs to another task; a {task} has [[output.{needed}]]"
        yield from _of_twins(output, other)


def _of_twins(output: Tables, kind: str) -> Iterator[Mistake]:
    for key in _UNIQUE[kind]:
        seen: list[object] = []
        for index, table in enumerate(_list(output, kind)):
            if key in table and table[key] in seen:
                yield ("output", kind, index, key), f"is {table[key]!r}, as in another [[output.{kind}]]"
            seen.append(table.get(key))


def _of_postprocessing(task: str, tables: Tables) -> Iterator[Mistake]:
    steps = [step.get("step") for step in _list(tables, "postprocess")]
    if task == "segmentation" and (not steps or steps[0] not in DECIDES):
        yield (
            ("postprocess",),
            f"the first step is {' or '.join(map(repr, DECIDES))}; the others work on what it decided",
        )
    for index, step in enumerate(steps):
        if task == "segmentation" and index and step in DECIDES:
            yield ("postprocess", index, "step"), f"{step!r} decides a second time"
        if _is_out_of_place(task, step):
            yield ("postprocess", index, "step"), f"{step!r} is no step for a {task}"


def _is_out_of_place(task: str, step: object) -> bool:
    return {
        "segmentation": step in ON_BOXES,
        "classification": step is not None,
        "detection": step is not None and step not in ON_BOXES,
    }[task]


def _of_measurements(task: str, tables: Tables) -> Iterator[Mistake]:
    output = _table(tables, "output")
    if task != "segmentation" and "rule" in tables:
        yield ("rule",), f"is about segments; a {task} has none"
    if task == "classification" and "measurement" in output:
        yield ("output", "measurement"), "a classification marks nothing that could be measured"


def _of_rules(task: str, tables: Tables) -> Iterator[Mistake]:
    if task != "segmentation":
        return
    labels = [str(segment.get("label")) for segment in _list(_table(tables, "output"), "segment")]
    for index, key, sentence in segments_not_there(_list(tables, "rule"), labels):
        yield ("rule", index, key), sentence


def _of_results(task: str, tables: Tables) -> Iterator[Mistake]:
    """A Parametric Map has a place in the patient, and only segments have probabilities voxel by voxel."""
    also, each = _table(tables, "results").get("also"), _table(tables, "input").get("each")
    kinds = also if isinstance(also, list) else []
    if "probability_map" in kinds and (task != "segmentation" or each == "instance"):
        yield ("results", "also"), "probability_map is for a segmentation of a series"
    if "presentation_state" in kinds and task == "classification":
        yield ("results", "also"), "presentation_state draws contours or boxes; a classification has none"


def _of_masks(output: Tables) -> Iterator[Mistake]:
    for index, box in enumerate(_list(output, "box")):
        if box.get("mask") is True and "category" not in box:
            yield (
                ("output", "box", index, "category"),
                "is missing; a mask becomes a segment, which has a category",
            )
    masks = {box.get("mask", False) is True for box in _list(output, "box")}
    if len(masks) == 2:
        yield ("output", "box"), "either every [[output.box]] has mask = true, or none"


def _of_gate(tables: Tables) -> Iterator[Mistake]:
    gate, each = _table(tables, "gate"), _table(tables, "input").get("each")
    for key in ("slices", "slice_spacing_mm", "planes"):
        if key in gate and each == "instance":
            yield ("gate", key), 'is for [input] each = "series"; one instance has no slices beside it'
    least, most = gate.get("smallest_fraction"), gate.get("largest_fraction")
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        yield ("gate", "smallest_fraction"), f"is {least}, above largest_fraction {most}"


def _table(tables: Tables, key: str) -> Tables:
    found = tables.get(key)
    return found if isinstance(found, dict) else {}


def _list(tables: Tables, key: str) -> list[Tables]:
    found = tables.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
