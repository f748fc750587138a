import pytest
from pydicom import uid

from dicom_node.demo.pacs.presentation_contexts import TRANSFER_SYNTAXES, supported_contexts


@pytest.mark.parametrize(
    "sop_class",
    [
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.CTImageStorage,
        uid.EnhancedMRImageStorage,
        uid.SegmentationStorage,
        uid.ComprehensiveSRStorage,
        uid.Comprehensive3DSRStorage,
        uid.EncapsulatedPDFStorage,
        uid.SecondaryCaptureImageStorage,
    ],
    ids=lambda one: one.keyword,
)
def test_a_storage_sop_class_is_taken_in_every_transfer_syntax(sop_class: uid.UID) -> None:
    [context] = [one for one in supported_contexts() if one.abstract_syntax == sop_class]
    assert tuple(context.transfer_syntax) == TRANSFER_SYNTAXES


def test_uncompressed_is_preferred_where_one_context_proposes_several() -> None:
    assert TRANSFER_SYNTAXES[:2] == (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian)
    assert {uid.JPEGBaseline8Bit, uid.JPEGLSLossless, uid.JPEG2000Lossless, uid.RLELossless} < set(
        TRANSFER_SYNTAXES
    )


@pytest.mark.parametrize(
    "service",
    ["1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.1.20.1"],
    ids=["Verification", "Study Root FIND", "Storage Commitment Push Model"],
)
def test_the_services_are_offered(service: str) -> None:
    assert service in [one.abstract_syntax for one in supported_contexts()]
