"""model.toml as frozen values: what a package declares about itself, in the Standard's terms.

Everything here is data. Its tables are in the files beside this one.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydicom.datadict import tag_for_keyword

from inference.errors import PackageInvalid
from inference.package.declared import Declared, Range, Text, did_you_mean
from inference.package.output import Output
from inference.package.prediction import Io
from inference.package.steps import PostprocessStep, PreprocessStep

LARGEST_MANIFEST_BYTES = 256 * 1024


class Model(Declared):
    """``[model]``: what it is and what it may be used for."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    task: Literal["segmentation"]
    research_only: bool
    intended_use: str
    licence: str
    evaluation: dict[str, Any] = Field(default_factory=dict)


class Algorithm(Declared):
    """``[algorithm]``: family is a keyword of CID 7162 (PS3.16), such as ``DCM.ArtificialIntelligence``."""

    family: str
    source: Text


class Input(BaseModel):
    """``[input]``: DICOM keywords with what they may hold.

    A list names the allowed values; the empty string in it allows the attribute to be absent
    or empty. A table sets limits for a number. ``each`` says what one analysis is made from.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    each: Literal["instance", "series"]
    on_many: Literal["all", "first", "refuse"] = "all"
    __pydantic_extra__: dict[str, list[str] | Range]

    @model_validator(mode="after")
    def _knows_its_keywords(self) -> "Input":
        for keyword in self.rules:
            if tag_for_keyword(keyword) is None:
                raise ValueError(f"'{keyword}' is no DICOM keyword{did_you_mean(keyword, _dicom_keywords())}")
        return self

    @property
    def rules(self) -> dict[str, list[str] | Range]:
        """DICOM keyword -> what it may hold."""
        return self.__pydantic_extra__ or {}


class Gate(Declared):
    """``[gate]``: when the model must not speak.

    ``smallest_fraction`` / ``largest_fraction``: share of the image the foreground may fill;
    outside of it the result is flagged.
    """

    smallest_rows: Annotated[int, Field(ge=1)] = 1
    smallest_columns: Annotated[int, Field(ge=1)] = 1
    smallest_fraction: Annotated[float, Field(ge=0, le=1)] = 0.0
    largest_fraction: Annotated[float, Field(ge=0, le=1)] = 1.0


class Manifest(Declared):
    """The whole of model.toml."""

    model: Model
    algorithm: Algorithm
    input: Input
    preprocess: list[PreprocessStep] = Field(default_factory=list)
    io: Io
    postprocess: list[PostprocessStep]
    output: Output
    gate: Gate = Gate()

    @field_validator("postprocess")
    @classmethod
    def _decides_first(cls, steps: list[PostprocessStep]) -> list[PostprocessStep]:
        if not steps or steps[0].step != "threshold":
            raise ValueError("the first step is 'threshold'; the others work on what it decided")
        return steps

    @field_validator("output")
    @classmethod
    def _labels_differ(cls, output: Output) -> Output:
        labels = [segment.label for segment in output.segment]
        if len(set(labels)) != len(labels):
            raise ValueError("two segments have the same label")
        return output


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``folder/model.toml``.

    Raises PackageInvalid with every mistake in it, one a line: where, what is wrong, what is allowed.
    """
    path = folder / "model.toml"
    try:
        if path.stat().st_size > LARGEST_MANIFEST_BYTES:
            raise PackageInvalid(f"{path} is larger than {LARGEST_MANIFEST_BYTES} bytes; it is no manifest")
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackageInvalid(f"{folder} holds no model.toml; a model package is a folder with one") from None
    except OSError as error:
        raise PackageInvalid(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackageInvalid(f"{path} is not TOML: {error}") from None
    try:
        return Manifest.model_validate(tables)
    except ValidationError as error:
        raise PackageInvalid(f"{path}:\n" + "\n".join(_mistakes(error))) from None


def _mistakes(error: ValidationError) -> list[str]:
    return [
        f"  [{'.'.join(str(part) for part in item['loc'])}] {item['msg']}{_hint(item['type'], item['loc'])}"
        for item in error.errors()
    ]


def _hint(kind: str, location: tuple[int | str, ...]) -> str:
    if kind != "extra_forbidden":
        return ""
    return did_you_mean(str(location[-1]), _known_keys())


def _known_keys() -> list[str]:
    tables = _tables(Declared)
    return sorted({key for table in tables for key in table.model_fields})


def _tables(base: type[BaseModel]) -> list[type[BaseModel]]:
    return [table for child in base.__subclasses__() for table in (child, *_tables(child))]


def _dicom_keywords() -> list[str]:
    from pydicom._dicom_dict import DicomDictionary

    return [entry[4] for entry in DicomDictionary.values()]
