"""Items of sequences that name an instance or a concept (PS3.3 sections 8.8 and 10.8)."""

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code


def image_reference(header: Dataset) -> Dataset:
    """Referenced SOP Class and Instance UID of this instance."""
    reference = Dataset()
    reference.ReferencedSOPClassUID = str(header.SOPClassUID)
    reference.ReferencedSOPInstanceUID = str(header.SOPInstanceUID)
    return reference


def coded(code: Code) -> Dataset:
    """The concept as an item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = code.value, code.scheme_designator
    item.CodeMeaning = code.meaning
    return item
