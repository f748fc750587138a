"""A source and its results, as they come back from a PACS; each can be made wrong in one thing."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from dicom_node.demo.pacs.instance import HeldInstance, read_instance
from inference.confidence.confidence import Confidence
from inference.encode.analysed import Analysed, Projection, Segmentation
from inference.encode.results import encode_results
from inference.package.manifest import read_manifest
from inference.volume.pixels import read_pixels
from inference.volume.spacing import spacing_of
from tests.model_package import MANIFEST, phantom
from tests.projection_image import projection_image
from tests.unit.inference.encode.given import analysed_boxes, analysed_classes

ROWS, COLUMNS = 121, 83


@pytest.fixture
def source() -> Dataset:
    """A radiograph of 121 rows and 83 columns."""
    return projection_image(rows=ROWS, columns=COLUMNS)


@pytest.fixture
def results(source: Dataset, tmp_path: Path) -> dict[str, Dataset]:
    """What the encoder makes of it: ``Dark`` and ``Grey`` (SEG) and ``SR``."""
    (tmp_path / "model.toml").write_text(MANIFEST, encoding="utf-8")
    labels = phantom(ROWS, COLUMNS)[1]
    analysed = Analysed(
        source=Projection(header=source, pixels=read_pixels(source), spacing=spacing_of(source)),
        found=Segmentation(labels=labels),
        manifest=read_manifest(tmp_path),
        digest="ab" * 32,
        now=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        confidence=tuple(
            Confidence(label=label, certainty=certainty, kind="soft_dice")
            for label, certainty in (("Dark", 0.987), ("Grey", 0.654))
        ),
    )
    made = [dcmread(BytesIO(each.content)) for each in encode_results(analysed)]
    return {each.SegmentSequence[0].SegmentLabel if each.Modality == "SEG" else "SR": each for each in made}


@pytest.fixture
def reports(source: Dataset) -> dict[str, Dataset]:
    """What the encoder makes of one box, of a model that draws no mask, and of classes: two SR."""
    projection = Projection(header=source, pixels=read_pixels(source), spacing=spacing_of(source))
    boxes = analysed_boxes([(10, 20, 50, 60)], classes=(1,), source=projection, digest="cd" * 32)
    classes = analysed_classes(source=projection, digest="ef" * 32)
    made = {"boxes": encode_results(boxes), "classes": encode_results(classes)}
    return {name: dcmread(BytesIO(results[-1].content)) for name, results in made.items()}


@pytest.fixture
def held(tmp_path: Path) -> Callable[..., list[HeldInstance]]:
    """Puts data sets into a PACS' folder; gives them as the PACS lists them."""
    folder = tmp_path / "pacs"
    folder.mkdir()

    def hold(*data_sets: Dataset) -> list[HeldInstance]:
        listed = []
        for each in data_sets:
            path = folder / f"{each.SOPInstanceUID}.dcm"
            each.save_as(path, enforce_file_format=True)
            listed.append(read_instance(path, folder=folder))
        return listed

    return hold
