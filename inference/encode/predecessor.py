"""Results that a new one replaces: named in it, so that whoever finds one finds the other.

A late instance makes other sources, an update another version of the model; the new result has new UIDs, and the old
one stays in the archive. An SR names it in Predecessor Documents Sequence (PS3.3 C.17.2), a SEG, which is an image,
in Referenced Image Sequence (PS3.3 C.12.4) as its Temporal Predecessor (CID 7201).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.sr.codedict import codes

from inference.encode.references import coded


@dataclass(frozen=True, kw_only=True)
class Predecessor:
    """One instance of an earlier result; ``kind`` as of an EncodedResult."""

    kind: str
    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str


def predecessor_documents(replaced: Iterable[Predecessor], study_instance_uid: str) -> Items:
    """Predecessor Documents Sequence: by study and series (PS3.3 Table C.17-3)."""
    study = Dataset()
    study.StudyInstanceUID = study_instance_uid
    study.ReferencedSeriesSequence = Items(_series(each, "ReferencedSOPSequence") for each in replaced)
    return Items([study])


def predecessor_images(replaced: Iterable[Predecessor]) -> Items:
    """Referenced Image Sequence, each item with its purpose."""
    return Items(_image(each) for each in replaced)


def predecessor_series(replaced: Iterable[Predecessor]) -> Items:
    """Items of Referenced Series Sequence (PS3.3 C.12.2), in which an instance names all that it refers to."""
    return Items(_series(each, "ReferencedInstanceSequence") for each in replaced)


def _image(replaced: Predecessor) -> Dataset:
    image = _instance(replaced)
    image.PurposeOfReferenceCodeSequence = Items([coded(codes.DCM.TemporalPredecessor)])
    return image


def _series(replaced: Predecessor, keyword: str) -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID = replaced.series_instance_uid
    setattr(series, keyword, Items([_instance(replaced)]))
    return series


def _instance(replaced: Predecessor) -> Dataset:
    instance = Dataset()
    instance.ReferencedSOPClassUID = replaced.sop_class_uid
    instance.ReferencedSOPInstanceUID = replaced.sop_instance_uid
    return instance
