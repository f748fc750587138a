from pynetdicom import AllStoragePresentationContexts, build_context
from pynetdicom.presentation import negotiate_as_acceptor
from pynetdicom.sop_class import (
    CTImageStorage,
    StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind,
    Verification,
)

from dicom_node.scp.presentation_contexts import storage_sop_classes, supported_contexts


def _by_sop_class() -> dict[str, list[str]]:
    return {
        str(each.abstract_syntax): [str(uid) for uid in each.transfer_syntax] for each in supported_contexts()
    }


def test_every_storage_class_is_accepted_and_echo_and_storage_commitment():
    storage = {str(each.abstract_syntax) for each in AllStoragePresentationContexts}
    assert set(_by_sop_class()) == storage | {Verification, StorageCommitmentPushModel}
    assert set(storage_sop_classes()) == storage
    assert set(storage_sop_classes(["1.2.3.4"])) == storage | {"1.2.3.4"}


def test_where_one_context_proposes_several_the_explicit_one_is_taken():
    proposed = build_context(CTImageStorage, ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
    proposed.context_id = 1
    (accepted,), _ = negotiate_as_acceptor([proposed], supported_contexts())
    assert accepted.transfer_syntax == ["1.2.840.10008.1.2.1"]


def test_requests_of_services_come_in_no_syntax_that_inflates():
    for service in (Verification, StorageCommitmentPushModel):
        assert set(_by_sop_class()[service]) == {"1.2.840.10008.1.2.1", "1.2.840.10008.1.2"}


def test_what_we_do_not_serve_is_not_offered():
    assert StudyRootQueryRetrieveInformationModelFind not in _by_sop_class()


def test_any_transfer_syntax_will_do_for_storage():
    syntaxes = _by_sop_class()[CTImageStorage]
    for uid in (
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.4.70",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.5",
    ):
        assert uid in syntaxes
