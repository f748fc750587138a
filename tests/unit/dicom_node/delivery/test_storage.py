from contextlib import contextmanager

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from dicom_node.delivery import storage
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway
from tests.unit.dicom_node.given import CR_IMAGE, a_data_set, a_file

PACS = Destination(name="archive", ae_title="PACS", host="10.0.0.5", port=104)


class _Association:
    """Answers each C-STORE with the next of ``answers``: a status, None for no answer, or an error."""

    def __init__(self, *answers: int | Exception | None) -> None:
        self._answers = list(answers)
        self.sent: list[str] = []

    def send_c_store(self, data_set: Dataset) -> Dataset:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(str(data_set.SOPInstanceUID))
        status = Dataset()
        if answer is not None:
            status.Status = answer
        return status


@pytest.fixture
def answers(monkeypatch):
    def give(*answers: int | Exception | None) -> _Association:
        association = _Association(*answers)

        @contextmanager
        def associate(destination, contexts, *, calling_ae_title):
            association.proposed = [str(context.abstract_syntax) for context in contexts]
            association.syntaxes = [list(map(str, context.transfer_syntax)) for context in contexts]
            yield association

        monkeypatch.setattr(storage, "associate", associate)
        return association

    return give


@pytest.fixture
def files(tmp_path):
    return [(CR_IMAGE, a_file(tmp_path / f"{n}.dcm", a_data_set(n))) for n in (1, 2, 3)]


def _store(files) -> list[str | None]:
    return list(storage.store(PACS, files, calling_ae_title="OUR_NODE"))


def test_each_file_is_sent_on_one_association(answers, files):
    association = answers(0x0000, 0x0000, 0x0000)
    assert _store(files) == [None, None, None]
    assert [uid.rsplit(".", 1)[1] for uid in association.sent] == ["1", "2", "3"]
    assert association.proposed == [CR_IMAGE]


@pytest.mark.parametrize("status", [0x0000, 0x0111, 0xB000, 0xB006, 0xBFFF])
def test_what_the_destination_has_is_delivered(answers, files, status):
    answers(status)
    assert _store(files[:1]) == [None]


@pytest.mark.parametrize("status", [0x0110, 0x0122, 0x0124, 0xA700, 0xA900, 0xC000, 0xFE00])
def test_a_refusal_is_told_with_its_status_and_the_rest_is_sent(answers, files, status):
    answers(status, 0x0000)
    assert _store(files[:2]) == [f"PACS refused it with status {status:04X}", None]


def test_a_class_the_destination_does_not_take_is_told(answers, files):
    answers(ValueError("No presentation context"), 0x0000)
    assert _store(files[:2]) == ["PACS accepts no instances of this SOP class", None]


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, DeflatedExplicitVRLittleEndian])
def test_what_is_stored_compressed_is_proposed_so_and_plain(answers, files, tmp_path, syntax):
    packed = tmp_path / "packed.dcm"
    packed.write_bytes(files[0][1].read_bytes())
    instance = dcmread(packed)
    instance.file_meta.TransferSyntaxUID = syntax
    instance.save_as(packed)
    association = answers(0x0000, 0x0000)
    assert _store([*files[:1], (CR_IMAGE, packed)]) == [None, None]
    assert association.proposed == [CR_IMAGE] * 2
    assert sorted(association.syntaxes) == sorted([list(map(str, storage.PLAIN)), [syntax]])


def test_a_syntax_the_destination_does_not_take_is_told_with_the_setting(answers, files):
    path = files[0][1]
    instance = dcmread(path)
    instance.file_meta.TransferSyntaxUID = RLELossless
    instance.save_as(path)
    answers(ValueError("No presentation context"))
    assert _store(files[:1]) == [
        "PACS accepts no instances of this SOP class in RLE Lossless; [destinations.archive] compression may "
        "ask for less"
    ]


def test_no_answer_means_the_destination_is_away(answers, files):
    association = answers(0x0000, None)
    sending = storage.store(PACS, files, calling_ae_title="OUR_NODE")
    assert next(sending) is None
    with pytest.raises(DestinationAway, match="PACS did not answer a C-STORE, or the association broke"):
        next(sending)
    assert len(association.sent) == 2


def test_an_association_ended_between_two_instances_means_it_is_away(answers, files):
    answers(0x0000, RuntimeError("The association with a peer SCP must be established before sending"))
    sending = storage.store(PACS, files, calling_ae_title="OUR_NODE")
    assert next(sending) is None
    with pytest.raises(DestinationAway, match="the association broke"):
        next(sending)


@pytest.mark.parametrize("content", [None, b"", b"no DICOM"])
def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_sent(answers, files, content):
    path = files[0][1]
    path.unlink() if content is None else path.write_bytes(content)
    answers(0x0000)
    first, second = _store(files[:2])
    assert first.startswith("its file in the spool cannot be read (")
    assert second is None
