from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from pydicom import Dataset
from pynetdicom import evt
from pynetdicom.sop_class import StorageCommitmentPushModel

from dicom_node.ledger.schema import commitment
from dicom_node.scp.modalities import Modality
from dicom_node.scp.storage_commitment import service
from dicom_node.scp.storage_commitment.request import WELL_KNOWN_INSTANCE_UID
from dicom_node.scp.storage_commitment.service import StorageCommitment
from dicom_node.settings import ScpSettings
from tests.unit.dicom_node.given import CR_IMAGE, NOW, break_ledger, row, rows
from tests.unit.dicom_node.scp.storage_commitment.given import CT1, OpenAssociation


class _Reporter:
    def __init__(self, duties):
        self.duties = duties
        self.expected, self.looks, self.is_closed = [], 0, False

    def expect(self, commitment_id, calling_ae_title, association):
        self.expected.append((commitment_id, calling_ae_title, association))

    def see_to_all(self):
        self.looks += 1

    def close(self):
        self.is_closed = True


@pytest.fixture
def listed():
    """The modalities as they are now."""
    return []


@pytest.fixture
def committing(ledger, spool, monkeypatch, listed):
    monkeypatch.setattr(service, "Reporter", _Reporter)
    return StorageCommitment(
        settings=ScpSettings(private_sop_classes=("1.2.3.4",)),
        modalities=lambda: listed,
        ledger=ledger,
        spool=spool,
        clock=lambda: NOW,
    )


def _asked(*, transaction_uid="2.25.1", count=2, action_type_id=1):
    information = Dataset()
    information.TransactionUID = transaction_uid
    information.ReferencedSOPSequence = [_item(f"1.2.3.{number}") for number in range(count)]
    association = OpenAssociation()
    association.requestor = SimpleNamespace(
        ae_title="CT1 ", address="::ffff:10.0.0.7", primitive=SimpleNamespace(called_ae_title="OUR_NODE ")
    )
    request = SimpleNamespace(
        RequestedSOPClassUID=StorageCommitmentPushModel,
        RequestedSOPInstanceUID=WELL_KNOWN_INSTANCE_UID,
        ActionTypeID=action_type_id,
    )
    return SimpleNamespace(assoc=association, request=request, action_information=information)


def _item(sop_instance_uid):
    item = Dataset()
    item.ReferencedSOPClassUID = CR_IMAGE
    item.ReferencedSOPInstanceUID = sop_instance_uid
    return item


def test_success_is_answered_when_the_request_is_in_the_ledger_and_its_report_is_seen_to(committing, ledger):
    asked = _asked()
    assert committing.on_n_action(asked) == (0x0000, None)
    entered = row(ledger, commitment)
    assert (entered["transaction_uid"], entered["calling_ae_title"], entered["called_ae_title"]) == (
        "2.25.1",
        "CT1",
        "OUR_NODE",
    )
    assert entered["address"] == "10.0.0.7"
    assert entered["references"] == [[CR_IMAGE, "1.2.3.0"], [CR_IMAGE, "1.2.3.1"]]
    ((number, calling_ae_title, _),) = committing._reporter.expected
    assert (number, calling_ae_title) == (entered["commitment_id"], "CT1")
    assert asked.assoc.listeners(evt.EVT_DIMSE_SENT) == 1


def test_what_is_no_request_is_answered_with_its_status_and_not_entered(committing, ledger, caplog):
    assert committing.on_n_action(_asked(action_type_id=2)) == (0x0123, None)
    assert committing.on_n_action(_asked(transaction_uid="")) == (0x0115, None)
    assert rows(ledger, commitment) == []
    assert committing._reporter.expected == []
    assert "request of CT1 was refused" in caplog.text


def test_a_caller_may_wait_for_so_many_instances_and_no_more(committing, ledger, monkeypatch):
    monkeypatch.setattr(service, "REFERENCES_OWED_AT_MOST", 3)
    assert committing.on_n_action(_asked(count=2)) == (0x0000, None)
    assert committing.on_n_action(_asked(transaction_uid="2.25.2", count=2)) == (0x0213, None)
    assert committing.on_n_action(_asked(transaction_uid="2.25.3", count=1)) == (0x0000, None)
    assert len(rows(ledger, commitment)) == 2


def test_a_ledger_that_is_away_is_never_success(committing, ledger):
    break_ledger(ledger)
    assert committing.on_n_action(_asked()) == (0x0110, None)
    assert committing._reporter.expected == []


def test_when_it_opens_it_takes_up_what_another_left(committing, ledger, spool):
    committing.on_n_action(_asked())
    assert row(ledger, commitment)["next_attempt_at"] > NOW
    StorageCommitment(settings=ScpSettings(), modalities=tuple, ledger=ledger, spool=spool, clock=lambda: NOW)
    assert row(ledger, commitment)["next_attempt_at"] == NOW


def test_the_reporter_knows_what_the_door_takes_and_is_looked_after(committing):
    assert {CR_IMAGE, "1.2.3.4"} <= set(committing._reporter.duties.sop_classes)
    committing.see_to_all()
    assert committing._reporter.looks == 1
    committing.close()
    assert committing._reporter.is_closed


def test_a_requester_is_called_where_its_name_is_found_now(committing, listed):
    def listener():
        return committing._reporter.duties.listener_of(replace(CT1, address="10.0.0.9"))

    modality = Modality(
        ae_title="CT1", address="ct1", networks=(ip_network("10.0.0.7"),), commitment_port=11113
    )
    listed.append(modality)
    assert listener() is None
    listed[:] = [replace(modality, networks=(ip_network("10.0.0.9"),))]
    assert listener().address == "10.0.0.9"
