"""What a report rests on: every source instance, and the segmentations made of them (PS3.3 C.17.2.2)."""

from collections.abc import Sequence

from inference.encode.analysed import Analysed
from inference.encode.explicit_vr import sequence, text
from inference.encode.written import Written


def evidence(analysed: Analysed, written: Sequence[Written]) -> bytes:
    """The element Current Requested Procedure Evidence Sequence, series by series.

    As bytes: highdicom looks each of hundreds of instances up, and takes longer than for all the rest.
    """
    first = analysed.headers[0]
    sources = [_instance(str(each.SOPClassUID), str(each.SOPInstanceUID)) for each in analysed.headers]
    series = [_series(str(first.SeriesInstanceUID), sources)]
    for result in (each.result for each in written):
        instance = _instance(result.sop_class_uid, result.sop_instance_uid)
        series.append(_series(result.series_instance_uid, [instance]))
    study = text("StudyInstanceUID", "UI", str(first.StudyInstanceUID))
    return sequence(
        "CurrentRequestedProcedureEvidenceSequence", [sequence("ReferencedSeriesSequence", series) + study]
    )


def _series(series_instance_uid: str, instances: Sequence[bytes]) -> bytes:
    return sequence("ReferencedSOPSequence", instances) + text("SeriesInstanceUID", "UI", series_instance_uid)


def _instance(sop_class_uid: str, sop_instance_uid: str) -> bytes:
    return text("ReferencedSOPClassUID", "UI", sop_class_uid) + text(
        "ReferencedSOPInstanceUID", "UI", sop_instance_uid
    )
