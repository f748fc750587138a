from pydicom.sr.codedict import codes

from inference.encode.references import coded, image_reference


def test_a_reference_names_class_and_instance(analysed):
    header = analysed().header
    reference = image_reference(header)
    assert reference.ReferencedSOPClassUID == header.SOPClassUID
    assert reference.ReferencedSOPInstanceUID == header.SOPInstanceUID


def test_a_code_is_an_item_of_its_sequence():
    item = coded(codes.SCT.Liver)
    assert (item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning) == ("10200004", "SCT", "Liver")
