from io import BytesIO

from pydicom import dcmread

from inference.encode.text_report import encode_text_report


def test_no_viewer_takes_it_for_measurements(analysed):
    report = dcmread(BytesIO(encode_text_report(analysed(), ["one", "two"]).content))
    title = report.ConceptNameCodeSequence[0]
    assert (title.CodeMeaning, title.CodingSchemeDesignator) == ("AI Analysis Report", "99DICOMNODE")
    assert title.CodeValue != "126000"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    (scheme,) = report.CodingSchemeIdentificationSequence
    assert scheme.CodingSchemeDesignator == "99DICOMNODE"
    names = [item.ConceptNameCodeSequence[0].CodeMeaning for item in report.ContentSequence]
    assert names[0] == "Language of Content Item and Descendants"
    assert names[-2:] == ["Procedure reported", "Qualitative Evaluations"]
    assert [item.TextValue for item in report.ContentSequence[-1].ContentSequence] == ["one", "two"]
