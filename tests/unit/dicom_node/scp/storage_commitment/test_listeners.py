import ssl
from ipaddress import ip_network

from dicom_node.ledger.commitments import Requester
from dicom_node.scp.modalities import Modality
from dicom_node.scp.storage_commitment.listeners import client_context, listener_of
from dicom_node.scp.storage_commitment.new_association import Listener

CT1 = Requester(calling_ae_title="CT1", called_ae_title="WHAT_CT_CALLS_US", address="10.0.0.7")


def _modality(**about):
    said = {"ae_title": "CT1", "address": "10.0.0.0/24", "networks": (ip_network("10.0.0.0/24"),)}
    return Modality(**(said | {"commitment_port": 11113} | about))


def test_a_requester_is_called_where_it_called_from_by_the_name_it_calls_us():
    assert listener_of(CT1, [_modality()], None) == Listener(
        ae_title="CT1", our_ae_title="WHAT_CT_CALLS_US", address="10.0.0.7", port=11113
    )


def test_without_a_port_of_its_own_section_nobody_is_called():
    others = [
        _modality(commitment_port=None),
        _modality(ae_title="CT2"),
        _modality(networks=(ip_network("10.0.1.0/24"),)),
    ]
    assert listener_of(CT1, others, None) is None
    assert listener_of(CT1, [*others, _modality(commitment_port=4)], None).port == 4


def test_whoever_must_use_tls_is_called_with_it():
    context = ssl.create_default_context()
    assert listener_of(CT1, [_modality(tls_only=True)], context).tls is context
    assert listener_of(CT1, [_modality()], context).tls is None


def test_without_tls_settings_there_is_no_context():
    assert client_context(None) is None
