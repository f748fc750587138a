"""docs/model-package.md: every key of the manifest, the closed vocabularies, and examples that work."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from inference.commands.pack import pack
from inference.errors import PackageInvalid
from inference.gate import order
from inference.package import (
    agreement,
    declared,
    envelope,
    golden,
    golden_classification,
    golden_detection,
    manifest,
    output,
    prediction,
    results,
    rules,
    steps,
)
from inference.package.dimensions import KINDS_OF_IMAGES, KINDS_OF_VOLUMES
from inference.package.envelope import THUMBNAIL
from inference.package.manifest import read_manifest
from inference.postprocess import DECISIONS, ON_BOXES
from inference.postprocess import STEPS as POSTPROCESS
from inference.postprocess.rules import RULES
from inference.preprocess import STEPS as PREPROCESS
from inference.train.envelope import LEAST_THUMBNAILS
from inference.train.golden import LARGEST_INPUT
from tests.architecture.documents import Row, bare, code_blocks, in_backticks, read, table, tables
from tests.architecture.limits import default_of, is_plain_text, longest_of, words_of
from tests.projection_image import projection_image, write

PAGE = "docs/model-package.md"
COLUMNS = ("key", "value", "default", "meaning")
TABLES: dict[tuple[str, int], type[BaseModel]] = {
    ("`[model]`", 0): manifest.Model,
    ("`[algorithm]`", 0): manifest.Algorithm,
    ("`[input]`", 0): manifest.Input,
    ("`[input]`", 1): declared.Range,
    ("`orient`", 0): steps.Orient,
    ("`resample`", 0): steps.Resample,
    ("`crop_to_body`", 0): steps.CropToBody,
    ("`window`", 0): steps.Window,
    ("`clip`", 0): steps.Clip,
    ("`rescale`", 0): steps.Rescale,
    ("`z_score`", 0): steps.ZScore,
    ("`min_max`", 0): steps.MinMax,
    ("`pad`", 0): steps.Pad,
    ("`resize`", 0): steps.Resize,
    ("`[io]`", 0): prediction.Io,
    ("`[io]`", 1): prediction.DetectionOutputs,
    ("`[predict]`", 0): prediction.Predict,
    ("`threshold`", 0): steps.Threshold,
    ("`argmax`", 0): steps.Argmax,
    ("`components`", 0): steps.Components,
    ("`non_maximum_suppression`", 0): steps.NonMaximumSuppression,
    ("`inside`", 0): rules.Inside,
    ("`number_of_parts`", 0): rules.NumberOfParts,
    ("`volume_between`", 0): rules.VolumeBetween,
    ("`area_between`", 0): rules.AreaBetween,
    ("`on_side`", 0): rules.OnSide,
    ("`mean_between`", 0): rules.MeanBetween,
    ("`excludes`", 0): rules.Excludes,
    ("`[[output.segment]]`", 0): output.Segment,
    ("`[[output.finding]]`", 0): output.Finding,
    ("`[[output.box]]`", 0): output.Box,
    ("`[[output.measurement]]`", 0): output.Measurement,
    ("`[results]`", 0): results.Results,
    ("A concept", 0): declared.ExplicitCode,
    ("`[gate]`", 0): manifest.Gate,
}
KEYS = [(place, key) for place, kind in TABLES.items() for key in kind.model_fields]


def _rows(place: tuple[str, int]) -> dict[str, Row]:
    heading, number = place
    found = [each for each in tables(PAGE) if each.heading == heading and each.columns == COLUMNS]
    return {row["key"]: row for row in found[number].rows}


def test_every_class_of_the_manifest_has_its_table_and_no_other() -> None:
    whole = {manifest.Manifest, output.Output}  # their keys are the tables themselves
    ours = {
        each
        for each in declared.Declared.__subclasses__()
        if each.__module__.startswith("inference.package.")
    }
    classes = {*ours, manifest.Input} - whole
    assert set(TABLES.values()) == classes
    assert sum(each.columns == COLUMNS for each in tables(PAGE)) == len(TABLES)


def test_every_table_of_the_manifest_has_its_heading() -> None:
    headings = set(re.findall(r"^### `\[+([a-z.]+)\]+`$", read(PAGE), re.MULTILINE))
    tops = set(manifest.Manifest.model_fields) - {"output"}
    assert headings == tops | {f"output.{key}" for key in output.Output.model_fields}


@pytest.mark.parametrize(("place", "kind"), TABLES.items())
def test_every_key_and_no_other(place: tuple[str, int], kind: type[BaseModel]) -> None:
    assert list(_rows(place)) == list(kind.model_fields)


@pytest.mark.parametrize(("place", "key"), KEYS)
def test_default(place: tuple[str, int], key: str) -> None:
    assert _rows(place)[key]["default"] == default_of(TABLES[place].model_fields[key])


@pytest.mark.parametrize(("place", "key"), KEYS)
def test_values(place: tuple[str, int], key: str) -> None:
    cell = _rows(place)[key]["value"]
    words = words_of(TABLES[place].model_fields[key])
    choices = [word for word in words if word.startswith("`")]
    if choices:
        assert [f"`{each}`" for each in in_backticks(cell)] == choices
    elif words:
        assert [cell] == words
    assert cell


@pytest.mark.parametrize(("place", "key"), KEYS)
def test_limits_of_texts(place: tuple[str, int], key: str) -> None:
    cell, field = _rows(place)[key]["value"], TABLES[place].model_fields[key]
    assert ("ASCII text without backslash" in cell) == is_plain_text(field)
    longest = longest_of(field)
    assert (f"at most {longest} characters" in cell) == (longest is not None)


@pytest.mark.parametrize(
    ("heading", "vocabulary"),
    [("[[preprocess]]", PREPROCESS), ("[[postprocess]]", POSTPROCESS), ("[[rule]]", RULES)],
)
def test_the_vocabulary_is_that_of_the_room(heading: str, vocabulary: dict[str, object]) -> None:
    section = read(PAGE).split(f"### `{heading}`")[1].split("\n### ")[0]
    assert re.findall(r"^#### `(\w+)`$", section, re.MULTILINE) == list(vocabulary)
    words = ", ".join(f"`{each}`" for each in vocabulary)
    assert f"vocabulary is closed: {words}." in section.replace("\n", " ")


def test_measurements_have_the_units_of_their_kind() -> None:
    rows = table(PAGE, "`[[output.measurement]]`", "kind", "of", "units", "how").rows
    told = {bare(row["kind"]): (row["of"], tuple(in_backticks(row["units"]))) for row in rows}
    assert told == {kind: (_measured_of(kind), units) for kind, units in output.UNITS.items()}


def _measured_of(kind: output.Kind) -> str:
    return {(True, False): "volumes", (False, True): "images"}.get(
        (kind in KINDS_OF_VOLUMES, kind in KINDS_OF_IMAGES), "both"
    )


def test_the_manifest_allows_the_same_steps() -> None:
    for union, functions in ((manifest.PreprocessStep, PREPROCESS), (manifest.PostprocessStep, POSTPROCESS)):
        kinds = get_args(get_args(union)[0])
        assert {get_args(kind.model_fields["step"].annotation)[0] for kind in kinds} == set(functions)


def test_each_task_has_the_outputs_of_the_page() -> None:
    rows = table(PAGE, "model.toml", "task", "output", "`[[postprocess]]`", "`[io]` gives").rows
    told = {bare(row["task"]): bare(row["output"]) for row in rows}
    assert told == {task: f"[[output.{kind}]]" for task, kind in agreement.OUTPUTS.items()}
    words = {bare(row["task"]): set(in_backticks(row["`[[postprocess]]`"])) for row in rows}
    assert words["segmentation"] == set(agreement.DECIDES) == set(DECISIONS)
    assert words["detection"] == set(agreement.ON_BOXES) == set(ON_BOXES)


def test_the_numbers_on_the_page() -> None:
    page = " ".join(read(PAGE).split())
    tolerances = f"within {golden.MOST_DIFFERENCE}, labels with Dice of at least {golden.LEAST_DICE}"
    assert f"{tolerances}, boxes with an overlap of at least {golden_detection.LEAST_OVERLAP}." in page
    assert f"from {LEAST_THUMBNAILS} inputs on it also keeps a thumbnail of {THUMBNAIL} points a side" in page
    assert f"at most {' × '.join(map(str, LARGEST_INPUT))}" in page
    assert f"volumes of {order.FEWEST} slices and more" in page


def test_the_arrays_of_the_page_are_those_that_are_read() -> None:
    rows = table(PAGE, "From a Keras model to a package", "file", "array", "shape", "meaning").rows
    told = {file: {row["array"] for row in rows if row["file"] == file} for file in {r["file"] for r in rows}}
    cases = (golden._ARRAYS, golden_classification._ARRAYS, golden_detection._ARRAYS)
    assert told == {
        "golden/case.npz": {name for arrays in cases for name in arrays},
        "envelope.npz": set(envelope._ARRAYS),
    }


def test_what_is_asked_of_pack_is_on_the_page() -> None:
    rows = table(PAGE, "From a Keras model to a package", "argument", "what it may be").rows
    options = {option for each in pack.params for option in each.opts if option.startswith("--")}
    assert {bare(row["argument"]) for row in rows} == {"the draft", *options}


def test_the_page_followed_to_the_letter_ends_with_a_package_in_service(tmp_path: Path) -> None:
    """Every block from the Keras model on, in its order, in an empty folder, as its reader would run it."""
    example, settings = code_blocks(PAGE, "toml")
    (tmp_path / "model.toml").write_text(example, encoding="utf-8")
    (tmp_path / "settings.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "FOLDER_OF_DICOM").mkdir()
    for name in ("chest.dcm", "FOLDER_OF_DICOM/another.dcm"):
        write(projection_image(BodyPartExamined="CHEST"), tmp_path / name)
    (network,) = code_blocks(PAGE, "python")
    packing, trying, serving = code_blocks(PAGE, "sh")

    _run([sys.executable, "-c", network], tmp_path)
    assert "\nREADY lungs 1.0.0 sha256 " in _run(["sh", "-e", "-c", packing], tmp_path)
    tried = _run(["sh", "-e", "-c", trying], tmp_path)
    assert "lungs 1.0.0: segmentation, for research only" in tried
    assert {path.name.split("-")[0] for path in (tmp_path / "results").iterdir()} == {"SEG", "SR", "preview"}
    assert "ok  model lungs 1.0.0" in _run(["sh", "-e", "-c", serving], tmp_path)


def test_the_example_may_leave_out_the_signature(tmp_path: Path) -> None:
    example = code_blocks(PAGE, "toml")[0]
    start, end = example.index("[io]"), example.index("[[postprocess]]")
    (tmp_path / "model.toml").write_text(example, encoding="utf-8")
    declared_io = read_manifest(tmp_path).io
    assert declared_io == prediction.Io.model_validate(tomllib.loads(example[start:end])["io"])
    with pytest.raises(PackageInvalid, match=r"\[io\] is missing"):
        (tmp_path / "model.toml").write_text(example[:start] + example[end:], encoding="utf-8")
        read_manifest(tmp_path)


def _run(command: list[str], folder: Path) -> str:
    """Run a command with this environment's programs first; its output, or a failure that shows it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DICOM_NODE_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["PYTHONPATH"] = str(Path(manifest.__file__).parents[2])
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
