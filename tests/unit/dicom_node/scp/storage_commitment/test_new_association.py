from types import SimpleNamespace

import pytest
from pydicom import Dataset
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.scp.storage_commitment import new_association
from dicom_node.scp.storage_commitment.new_association import Listener, report_on_new
from tests.unit.dicom_node.scp.storage_commitment.given import a_report

CT1 = Listener(ae_title="CT1", our_ae_title="WHAT_CT_CALLS_US", address="10.0.0.7", port=11113)


class _Association:
    """Answers each report with the next of ``answers``: a status, None for no answer, or an error."""

    def __init__(self, *answers, is_established=True, is_rejected=False, acceptor=None):
        self.is_established, self.is_rejected = is_established, is_rejected
        self.acceptor = SimpleNamespace(primitive=acceptor)
        self._answers = list(answers)
        self.sent = []
        self.is_released = False

    def send_n_event_report(self, information, event_type, sop_class_uid, sop_instance_uid):
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((information.TransactionUID, event_type, sop_class_uid, sop_instance_uid))
        status = Dataset()
        if answer is not None:
            status.Status = answer
        return status, None

    def release(self):
        self.is_released = True


@pytest.fixture
def called(monkeypatch):
    """The association that is to be opened; how it was asked for is its ``call``."""

    def give(*answers, **about):
        association = _Association(*answers, **about)

        class Entity:
            def __init__(self, *, ae_title):
                association.our_ae_title = ae_title

            def associate(self, *where, **how):
                association.call = (where, how)
                association.timeouts = (self.connection_timeout, self.acse_timeout, self.dimse_timeout)
                return association

        monkeypatch.setattr(new_association, "AE", Entity)
        return association

    return give


def test_reports_go_out_on_one_association_on_which_we_are_the_provider(called):
    association = called(0x0000, 0x0000)
    assert list(report_on_new(CT1, [a_report(), a_report()])) == [None, None]
    where, how = association.call
    (context,) = how["contexts"]
    (role,) = how["ext_neg"]
    assert (where, how["ae_title"], association.our_ae_title) == (
        ("10.0.0.7", 11113),
        "CT1",
        "WHAT_CT_CALLS_US",
    )
    assert context.abstract_syntax == role.sop_class_uid == StorageCommitmentPushModel
    assert (role.scu_role, role.scp_role) == (False, True)
    assert how["tls_args"] is None
    assert association.timeouts == (10.0, 30.0, 30.0)
    assert association.sent == [("2.25.1", 1, StorageCommitmentPushModel, "1.2.840.10008.1.20.1.1")] * 2
    assert association.is_released


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (0x0110, "with 0110"),
        (None, "with nothing"),
        (RuntimeError(), "with nothing"),
        (ValueError(), "takes no"),
    ],
)
def test_what_is_not_taken_has_its_reason_and_the_rest_goes_on(called, answer, said):
    called(answer, 0x0000)
    first, second = report_on_new(CT1, [a_report(), a_report()])
    assert "CT1 at 10.0.0.7:11113" in first and said in first
    assert second is None


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"is_rejected": True}, "know us as WHAT_CT_CALLS_US"),
        ({}, "commitment_port right"),
        ({"acceptor": object()}, "aborted"),
    ],
)
def test_where_there_is_no_association_the_step_that_failed_is_named(called, about, said):
    association = called(is_established=False, **about)
    (error, same) = report_on_new(CT1, [a_report(), a_report()])
    assert said in error and error == same
    assert association.sent == [] and not association.is_released
