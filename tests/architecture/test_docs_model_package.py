"""docs/model-package.md: every key of the manifest, the closed vocabularies, and examples that work."""

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import BaseModel

from inference.package import declared, golden, manifest, output, prediction, steps
from inference.package.checksums import CHECKSUMS
from inference.package.manifest import read_manifest
from inference.postprocess import STEPS as POSTPROCESS
from inference.preprocess import STEPS as PREPROCESS
from tests.architecture.documents import Row, code_blocks, in_backticks, read, table, tables
from tests.architecture.limits import default_of, is_plain_text, longest_of, words_of

PAGE = "docs/model-package.md"
COLUMNS = ("key", "value", "default", "meaning")
TABLES: dict[tuple[str, int], type[BaseModel]] = {
    ("`[model]`", 0): manifest.Model,
    ("`[algorithm]`", 0): manifest.Algorithm,
    ("`[input]`", 0): manifest.Input,
    ("`[input]`", 1): declared.Range,
    ("`min_max`", 0): steps.MinMax,
    ("`pad`", 0): steps.Pad,
    ("`resize`", 0): steps.Resize,
    ("`[io]`", 0): prediction.Io,
    ("`threshold`", 0): steps.Threshold,
    ("`components`", 0): steps.Components,
    ("`[[output.segment]]`", 0): output.Segment,
    ("`[[output.measurement]]`", 0): output.Measurement,
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
    classes = {*declared.Declared.__subclasses__(), manifest.Input} - whole
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


@pytest.mark.parametrize(("room", "steps"), [("pre", PREPROCESS), ("post", POSTPROCESS)])
def test_the_vocabulary_is_that_of_the_room(room: str, steps: dict[str, object]) -> None:
    section = read(PAGE).split(f"### `[[{room}process]]`")[1].split("\n### ")[0]
    assert re.findall(r"^#### `(\w+)`$", section, re.MULTILINE) == list(steps)
    assert f"vocabulary is closed: {', '.join(f'`{step}`' for step in steps)}." in section.replace("\n", " ")


def test_the_manifest_allows_the_same_steps() -> None:
    for union, functions in ((manifest.PreprocessStep, PREPROCESS), (manifest.PostprocessStep, POSTPROCESS)):
        kinds = get_args(get_args(union)[0])
        assert {get_args(kind.model_fields["step"].annotation)[0] for kind in kinds} == set(functions)


def test_the_numbers_on_the_page() -> None:
    assert f"within {golden.MOST_DIFFERENCE} and labels with Dice of at least {golden.LEAST_DICE}" in read(
        PAGE
    )


def test_the_arrays_of_the_shipped_package_are_those_of_the_page() -> None:
    rows = table(PAGE, "From a Keras model to a package", "file", "array", "shape", "meaning").rows
    (folder,) = (Path(manifest.__file__).parents[1] / "models").glob("cxr_lungs-*")
    for file in {row["file"] for row in rows}:
        with np.load(folder / file) as arrays:
            assert set(arrays) == {row["array"] for row in rows if row["file"] == file}


def test_the_example_becomes_a_package_that_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document followed to the letter: its model.toml, its export, its golden case, its seal."""
    import keras

    from inference.pipeline import load_model

    monkeypatch.chdir(tmp_path)
    folder = Path("lungs-1.0.0")
    folder.mkdir()
    (example,) = code_blocks(PAGE, "toml")
    (folder / "model.toml").write_text(example, encoding="utf-8")
    _small_network().save("network.keras")
    np.save("input.npy", np.random.default_rng(0).integers(0, 4096, (300, 270)))

    for block in code_blocks(PAGE, "python"):
        exec(compile(block, PAGE, "exec"), {})

    assert (folder / CHECKSUMS).is_file()
    assert load_model(folder).manifest == read_manifest(folder)
    assert keras.backend.backend() == "tensorflow"


def _small_network():  # type: ignore[no-untyped-def]
    import keras

    image = keras.Input((256, 256, 1))
    smooth = keras.layers.AveragePooling2D(8, strides=1, padding="same")(image)
    return keras.Model(image, keras.layers.Conv2D(1, 1, activation="sigmoid")(smooth))
