from contextlib import contextmanager

import pytest
from pydicom.dataset import Dataset

from dicom_node.delivery import verification
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationRefused

PACS = Destination(name="archive", ae_title="PACS", host="10.0.0.5", port=104)


@pytest.fixture
def answers(monkeypatch):
    def give(status: int | None) -> None:
        class Association:
            def send_c_echo(self) -> Dataset:
                answer = Dataset()
                if status is not None:
                    answer.Status = status
                return answer

        @contextmanager
        def associate(destination, contexts, *, calling_ae_title):
            assert (destination, calling_ae_title) == (PACS, "OUR_NODE")
            yield Association()

        monkeypatch.setattr(verification, "associate", associate)

    return give


def test_success_is_well(answers):
    answers(0x0000)
    assert verification.verify(PACS, calling_ae_title="OUR_NODE") is None


@pytest.mark.parametrize(("status", "words"), [(0x0122, "status 0122"), (None, "nothing")])
def test_anything_else_is_told(answers, status, words):
    answers(status)
    with pytest.raises(DestinationRefused, match=f"PACS answered C-ECHO with {words}"):
        verification.verify(PACS, calling_ae_title="OUR_NODE")
