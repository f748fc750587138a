"""A report that is read, not drawn: viewers show its tree as text, since its title is not that of measurements.

A viewer in wide use draws whatever has the title Imaging Measurement Report, and turns black where it finds nothing
to draw. So a classification, a refusal, and an analysis that found nothing have a title of their own. CID 7021 may be
extended; no code of the Standard says this and no more, and "Diagnostic Imaging Report" would claim too much.
"""

from collections.abc import Iterable, Sequence

import highdicom as hd
from highdicom import sr
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.document import KIND, PRIVATE_SCHEME, comments, observer, procedure, write_document

TITLE = sr.CodedConcept("AI_ANALYSIS", PRIVATE_SCHEME, "AI Analysis Report")


def encode_text_report(
    analysed: Analysed,
    sentences: Iterable[str],
    groups: Sequence[sr.MeasurementsAndQualitativeEvaluations] = (),
    *,
    kind: str = KIND,
) -> EncodedResult:
    """TID 1500 with these sentences as comments, and with measurement groups (TID 1501) that need no place."""
    return write_document(
        analysed, _root(analysed, comments(list(sentences)), groups), kind=kind, coding_scheme=True
    )


def _root(
    analysed: Analysed,
    said: sr.ContainerContentItem,
    groups: Sequence[sr.MeasurementsAndQualitativeEvaluations],
) -> sr.ContainerContentItem:
    if groups:
        report = sr.MeasurementReport(
            title=TITLE,
            observation_context=observer(analysed),
            procedure_reported=procedure(analysed),
            imaging_measurements=list(groups),
        )
        report[0].ContentSequence.append(said)
        return report[0]
    root = sr.ContainerContentItem(name=TITLE, template_id="1500")
    root.ContentSequence = hd.sr.ContentSequence()
    root.ContentSequence.extend(
        sr.LanguageOfContentItemAndDescendants(sr.CodedConcept("en-US", "RFC5646", "English (United States)"))
    )
    root.ContentSequence.extend(observer(analysed))
    root.ContentSequence.append(
        sr.CodeContentItem(
            name=codes.DCM.ProcedureReported,
            value=procedure(analysed),
            relationship_type=sr.RelationshipTypeValues.HAS_CONCEPT_MOD,
        )
    )
    root.ContentSequence.append(said)
    return root
