"""model.toml as frozen values: what a package declares about itself, in the Standard's terms.

Everything here is data. Its tables are in the files beside this one.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from inference.errors import PackageInvalid
from inference.package.agreement import disagreements
from inference.package.declared import Concept, Declared, Text
from inference.package.gate import Gate
from inference.package.input import Input
from inference.package.mistakes import mistakes_in, with_lines
from inference.package.output import Output
from inference.package.prediction import Io, Predict, reason_not_together
from inference.package.results import Results
from inference.package.rules import Rule
from inference.package.steps import PostprocessStep, PreprocessStep

__all__ = ["Algorithm", "Gate", "Input", "Manifest", "Model", "Task", "read_manifest"]

LARGEST_MANIFEST_BYTES = 256 * 1024

Task = Literal["segmentation", "classification", "detection"]


class Model(Declared):
    """``[model]``: what it is and what it may be used for."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    task: Task
    research_only: bool
    intended_use: str
    licence: str
    evaluation: dict[str, Any] = Field(default_factory=dict)


class Algorithm(Declared):
    """``[algorithm]``: family is a keyword of CID 7162 (PS3.16), such as ``DCM.ArtificialIntelligence``."""

    family: Concept
    source: Text


class Manifest(Declared):
    """The whole of model.toml."""

    model: Model
    algorithm: Algorithm
    input: Input
    preprocess: list[PreprocessStep] = Field(default_factory=list)
    io: Io
    predict: Predict = Field(default=Predict(), validate_default=True)
    postprocess: list[PostprocessStep] = Field(default_factory=list)
    rule: list[Rule] = Field(default_factory=list)
    output: Output
    results: Results = Field(default=Results())
    gate: Gate = Gate()

    @field_validator("io")
    @classmethod
    def _answers_the_task(cls, io: Io, others: ValidationInfo) -> Io:
        model = others.data.get("model")
        if model is not None and io.task != model.task:
            raise ValueError(f"declares the signature of a {io.task}, but [model] task is '{model.task}'")
        return io

    @field_validator("predict")
    @classmethod
    def _fits_the_signature(cls, predict: Predict, others: ValidationInfo) -> Predict:
        io = others.data.get("io")
        if io is not None and (reason := reason_not_together(io, predict)):
            raise ValueError(reason)
        return predict


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``folder/model.toml``.

    Raises PackageInvalid with every mistake in it, one a line: where, what is wrong, what is allowed.
    """
    path = folder / "model.toml"
    text = _read(path)
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackageInvalid(f"{path} is not TOML: {error}") from None
    mistakes = disagreements(tables)
    try:
        manifest = Manifest.model_validate(tables)
    except ValidationError as error:
        mistakes += mistakes_in(error, tables, Manifest)
    if mistakes:
        raise PackageInvalid("\n  ".join([f"{path}:", *with_lines(mistakes, text)]))
    return manifest


def _read(path: Path) -> str:
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise PackageInvalid(f"{path} is no plain file; a package holds plain files")
        with path.open("rb") as file:
            content = file.read(LARGEST_MANIFEST_BYTES + 1)
        if len(content) > LARGEST_MANIFEST_BYTES:
            raise PackageInvalid(f"{path} is larger than {LARGEST_MANIFEST_BYTES} bytes; it is no manifest")
        return content.decode("utf-8")
    except FileNotFoundError:
        raise PackageInvalid(
            f"{path.parent} holds no model.toml; a model package is a folder with one"
        ) from None
    except OSError as error:
        raise PackageInvalid(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PackageInvalid(f"{path} is not TOML: {error}") from None
