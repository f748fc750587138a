"""docs/train-your-own.md: followed to the letter on small data it ends with a package in service."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import inference
from inference.package.checksums import seal, verify_checksums
from inference.package.manifest import read_manifest
from inference.train.augment.tables import AugmentStep, MixTable
from inference.train.evaluate.tables import EvaluateTable
from inference.train.losses.tables import LossTable
from inference.train.recipe.calibrate import CalibrateTable
from inference.train.recipe.ensemble import EnsembleTable
from inference.train.recipe.envelope import EnvelopeTable
from inference.train.recipe.fit import FitTable
from inference.train.recipe.golden import GoldenTable
from inference.train.recipe.header import Header
from inference.train.recipe.network import Network, Start
from inference.train.recipe.read import Recipe
from inference.train.sampling.tables import SamplingTable
from inference.train.sources.tables import DataTable
from inference.train.split import SplitTable
from inference.train.synthesis.tables import SynthesisTable
from tests.architecture.documents import ROOT, Table, bare, code_blocks, table, tables
from tests.model_package import MANIFEST, build_package
from tests.projection_image import projection_image, write

PAGE = "docs/train-your-own.md"
PATIENTS = 8
LUNGS = MANIFEST.replace('label = "Dark"', 'label = "Lungs"')
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder but for ``data``: radiographs of phantoms, and the Segmentations that this node writes of them.

    A network with weights by hand marks what is dark, in the place of a radiologist.
    """
    folder = tmp_path_factory.mktemp("own")
    drawn_by = build_package(tmp_path_factory.mktemp("by_hand") / "shades-1.2.3")
    (drawn_by / "model.toml").write_text(LUNGS, encoding="utf-8")
    seal(drawn_by)
    for number in range(PATIENTS):
        _write_patient(folder / "data" / f"patient-{number}", number)
    _run([sys.executable, "-m", "inference", "run", str(drawn_by), "data", "--out", "data/drawn"], folder)
    _write_patient(folder / "data" / "new", PATIENTS)
    return folder


# On a quiet machine it is done within two minutes.
@pytest.mark.timeout(900)
def test_the_page_followed_to_the_letter_ends_with_a_package_in_service(folder: Path) -> None:
    """Every block of the page, in its order, as its reader would run it."""
    model, recipe, settings = code_blocks(PAGE, "toml")
    (folder / "lungs").mkdir()
    (folder / "lungs" / "model.toml").write_text(model, encoding="utf-8")
    (folder / "lungs" / "recipe.toml").write_text(recipe, encoding="utf-8")
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    learning, looking, serving = code_blocks(PAGE, "sh")

    learnt = _run(["sh", "-e", "-c", learning], folder)
    assert learnt.splitlines()[-1].startswith("READY lungs 1.0.0 sha256 ")
    looked = _run(["sh", "-e", "-c", looking], folder)
    assert "lungs 1.0.0: segmentation, for research only" in looked
    assert {path.name.split("-")[0] for path in (folder / "results").iterdir()} == {"SEG", "SR", "preview"}
    assert "ok  model lungs 1.0.0" in _run(["sh", "-e", "-c", serving], folder)

    package = folder / "packages" / "lungs-1.0.0"
    verify_checksums(package)
    manifest = read_manifest(package)
    assert manifest.predict.members == 2
    # What is dark is learnt in seconds; what came of it is a model, not only a file.
    assert manifest.model.evaluation["dice_mean"] > 0.8
    assert manifest.model.evaluation["validation_patients"] == 2
    rough = folder / "packages" / "lungs-1.0.0.training"
    assert {path.name for path in rough.rglob("*.png")} == {"curves.png"}


def test_the_mistake_on_the_page_is_told_as_it_says(folder: Path) -> None:
    recipe = code_blocks(PAGE, "toml")[1].replace("epochs = 6", "epoch = 6")
    (folder / "wrong").mkdir()
    (folder / "wrong" / "recipe.toml").write_text(recipe, encoding="utf-8")
    done = _start([sys.executable, "-m", "inference", "train", "wrong/recipe.toml", "--data", "data"], folder)
    assert done.returncode == 1
    told = "line 28: [fit.epoch] is no key here; "
    assert told in done.stderr
    assert "did you mean 'epochs'?" in done.stderr
    assert f"`{told}…" in (ROOT / PAGE).read_text(encoding="utf-8")


def _write_patient(folder: Path, number: int) -> None:
    """One radiograph; each patient's phantom is of another size, and has other noise in it."""
    folder.mkdir(parents=True)
    instance = projection_image(
        rows=120 + 4 * number,
        columns=100 + 2 * number,
        PatientID=f"P-{number}",
        PatientSex="FM"[number % 2],
        BodyPartExamined="CHEST",
        StudyInstanceUID=f"2.25.1{number}",
        SeriesInstanceUID=f"2.25.2{number}",
        SOPInstanceUID=f"2.25.3{number}",
    )
    stored = np.frombuffer(instance.PixelData, np.uint16)[: instance.Rows * instance.Columns]
    noise = np.random.default_rng(number).integers(0, 200, stored.shape)
    instance.PixelData = np.minimum(stored + noise, 4095).astype(np.uint16).tobytes()
    write(instance, folder / "image.dcm")


def _run(command: list[str], folder: Path) -> str:
    done = _start(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _start(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command with this environment's programs first, and this tree's packages."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DICOM_NODE_")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["PYTHONPATH"] = str(Path(inference.__file__).parents[1])
    environment |= ONE_THREAD
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=800, check=False
    )


TABLES: dict[str, type[BaseModel]] = {
    "`[recipe]`": Header,
    "`[split]`": SplitTable,
    "`[network.start]`": Start,
    "`[fit]`": FitTable,
    "`[sampling]`": SamplingTable,
    "`[mix]`": MixTable,
    "`[synthesis]`": SynthesisTable,
    "`[ensemble]`": EnsembleTable,
    "`[calibrate]`": CalibrateTable,
    "`[evaluate]`": EvaluateTable,
    "`[envelope]`": EnvelopeTable,
    "`[golden]`": GoldenTable,
}
KINDS: dict[str, tuple[str, object]] = {
    "`[data]`": ("kind", DataTable),
    "`[network]`": ("kind", Network),
    "`[loss]`": ("kind", LossTable),
    "`[[augment]]`": ("step", AugmentStep),
}
SAID_ABOVE = {"kind", "step", "chance", "outside"}


def test_every_table_of_the_recipe_has_its_heading() -> None:
    headings = set(re.findall(r"^### `\[+([a-z]+)\]+`$", (ROOT / PAGE).read_text("utf-8"), re.MULTILINE))
    assert headings == set(Recipe.model_fields)


@pytest.mark.parametrize(("heading", "kind"), TABLES.items())
def test_every_key_with_its_default_and_no_other(heading: str, kind: type[BaseModel]) -> None:
    rows = table(PAGE, heading, "key", "meaning").rows
    assert _keys([row["key"] for row in rows]) == _defaults(kind)


@pytest.mark.parametrize(("heading", "union"), KINDS.items())
def test_every_kind_with_its_keys_and_no_other(heading: str, union: tuple[str, object]) -> None:
    discriminator, kinds = union
    rows = {bare(row[discriminator]): row["keys"] for row in _table(heading, discriminator).rows}
    found = {
        word: each
        for each in get_args(get_args(kinds)[0])
        for word in get_args(each.model_fields[discriminator].annotation)
    }
    assert set(rows) == set(found)
    for word, cell in rows.items():
        if cell != "the same":
            given = {k: v for k, v in _defaults(found[word]).items() if k not in SAID_ABOVE}
            assert _keys(cell.split("`, `")) == given, word


def _table(heading: str, discriminator: str) -> Table:
    (found,) = (each for each in tables(PAGE) if each.heading == heading and each.columns[0] == discriminator)
    return found


def _keys(cells: Iterable[str]) -> dict[str, object]:
    """``key`` or ``key = value`` in TOML, to the value; None where there is none."""
    parts = [cell.strip("` ").split(" = ") for cell in cells]
    return {key: tomllib.loads(f"x = {rest[0]}")["x"] if rest else None for key, *rest in parts}


def _defaults(kind: type[BaseModel]) -> dict[str, object]:
    return {name: _plain(field) for name, field in kind.model_fields.items()}


def _plain(field: FieldInfo) -> object:
    """The default as TOML would give it; None for none, for what is required, and for a table of its own."""
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        return None
    return json.loads(json.dumps(default))
