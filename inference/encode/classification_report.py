"""The report of a classification: each class coded with its probability, and as a sentence."""

from collections.abc import Iterator

from highdicom import sr
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, Classification, EncodedResult
from inference.encode.code import code
from inference.encode.equipment import LONG_STRING
from inference.encode.findings import algorithm, certainty
from inference.encode.identity import tracking_uid
from inference.encode.text_report import encode_text_report
from inference.encode.wording import about_class, standing_remarks
from inference.package.output import Finding


def encode_classification(analysed: Analysed) -> EncodedResult:
    """A TID 1501 group for each finding of the manifest. Raises ValueError where its channel has no probability."""
    probabilities = _probabilities(analysed)
    groups = [_group(analysed, finding, share) for finding, share in probabilities]
    sentences = [
        *standing_remarks(analysed),
        *(about_class(finding, share) for finding, share in probabilities),
        *analysed.remarks,
    ]
    return encode_text_report(analysed, sentences, groups)


def _probabilities(analysed: Analysed) -> list[tuple[Finding, float]]:
    if not isinstance(analysed.found, Classification):
        raise ValueError("a report of classes is written of a classification")
    given, findings = analysed.found.probabilities, analysed.manifest.output.finding
    if any(finding.channel >= len(given) for finding in findings):
        raise ValueError(f"a finding's channel is not among the {len(given)} probabilities")
    # The last digit of a bfloat16 may lie outside of what a probability can be.
    return [(finding, min(max(float(given[finding.channel]), 0.0), 1.0)) for finding in findings]


def _group(analysed: Analysed, finding: Finding, share: float) -> sr.MeasurementsAndQualitativeEvaluations:
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=tracking_uid(analysed, finding.label), identifier=finding.label[:LONG_STRING]
        ),
        finding_type=code(finding.concept),
        algorithm_id=algorithm(analysed),
        measurements=[certainty(share)],
        qualitative_evaluations=list(_presence(finding, share)),
        source_images=_images(analysed),
    )


def _presence(finding: Finding, share: float) -> Iterator[sr.QualitativeEvaluation]:
    """Coded as present where it is found; a class that is not found is not coded as absent."""
    if share >= finding.threshold:
        yield sr.QualitativeEvaluation(name=codes.DCM.PresenceOfProperty, value=codes.SCT.Present)


def _images(analysed: Analysed) -> list[sr.SourceImageForMeasurementGroup] | None:
    """The one image; of a volume the evidence names all."""
    if len(analysed.headers) > 1:
        return None
    header = analysed.header
    return [sr.SourceImageForMeasurementGroup(str(header.SOPClassUID), str(header.SOPInstanceUID))]
