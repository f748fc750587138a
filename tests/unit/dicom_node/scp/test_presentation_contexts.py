from pynetdicom import AllStoragePresentationContexts
from pynetdicom.sop_class import CTImageStorage, StudyRootQueryRetrieveInformationModelFind, Verification

from dicom_node.scp.presentation_contexts import supported_contexts


def _by_sop_class() -> dict[str, list[str]]:
    return {
        str(each.abstract_syntax): [str(uid) for uid in each.transfer_syntax] for each in supported_contexts()
    }


def test_every_storage_class_is_accepted_and_echo():
    storage = {str(each.abstract_syntax) for each in AllStoragePresentationContexts}
    assert set(_by_sop_class()) == storage | {Verification}


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
