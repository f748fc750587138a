"""One node, with Orthanc and the stand-in PACS as its destinations, for all tests that leave it whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dicom_node.demo.pacs.server import StandInPacs
from tests.neighbours.node import Node
from tests.neighbours.orthanc import Orthanc


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    pacs = Orthanc(tmp_path_factory.mktemp("orthanc"))
    yield pacs
    pacs.stop()


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory, orthanc: Orthanc) -> Iterator[Node]:
    running = Node(tmp_path_factory.mktemp("node"), destinations={"orthanc": orthanc.url}).start()
    yield running
    assert running.stop() == 0, running.log()


@pytest.fixture
def pacs(tmp_path: Path) -> Iterator[StandInPacs]:
    (tmp_path / "pacs").mkdir()
    standing_in = StandInPacs(folder=tmp_path / "pacs")
    standing_in.start()
    yield standing_in
    standing_in.stop()
