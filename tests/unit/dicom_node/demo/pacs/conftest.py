"""Instances for the tests of the stand-in PACS."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.filewriter import dcmwrite

from dicom_node.demo.pacs.instance import HeldInstance


def _encoded(**elements: object) -> bytes:
    dataset = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    for keyword, value in elements.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    stream = io.BytesIO()
    dcmwrite(stream, dataset)
    return stream.getvalue()


@pytest.fixture
def encoded() -> Callable[..., bytes]:
    """A CT instance as PS3.10 bytes, with elements set, or taken away by None."""
    return _encoded


def _held(**fields: object) -> HeldInstance:
    given = {
        "study_instance_uid": "1.2.1",
        "series_instance_uid": "1.2.1.1",
        "sop_instance_uid": "1.2.1.1.1",
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2",
        "modality": "CT",
        "path": Path("1.2.1.1.1.dcm"),
        "specific_character_set": "ISO_IR 100",
        "study_date": "20260131",
        "patient_id": "P1",
        "patient_name": "Müller^Jörg",
    }
    return HeldInstance(**(given | fields))  # type: ignore[arg-type]


@pytest.fixture
def held() -> Callable[..., HeldInstance]:
    """An instance in the index, with some fields as given."""
    return _held


def _dataset(**elements: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.fixture
def dataset() -> Callable[..., Dataset]:
    """A data set of the elements given."""
    return _dataset
