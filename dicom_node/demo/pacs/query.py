"""What the stand-in PACS answers to a C-FIND of the Study Root model (PS3.4 C.6.2), without I/O.

Supported: the levels STUDY, SERIES and IMAGE, hierarchically, with the keys of `_KEYS`. A key that is not
supported is left out of the answers, which then carry 0xFF01 instead of 0xFF00. There is no Retrieve AE Title
in the answers because nothing can be retrieved from here: no C-MOVE, no C-GET.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pydicom import config
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from dicom_node.demo.pacs.header import text_of
from dicom_node.demo.pacs.instance import HeldInstance, is_valid_uid
from dicom_node.demo.pacs.matching import RETURNED_ONLY, is_match

PENDING: Final = 0xFF00
PENDING_KEYS_UNSUPPORTED: Final = 0xFF01

_UNIQUE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "STUDY": ("StudyInstanceUID",),
    "SERIES": ("StudyInstanceUID", "SeriesInstanceUID"),
    "IMAGE": ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"),
}
_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "STUDY": frozenset(
        {
            "StudyInstanceUID",
            "StudyDate",
            "PatientID",
            "PatientName",
            "ModalitiesInStudy",
            "NumberOfStudyRelatedSeries",
            "NumberOfStudyRelatedInstances",
        }
    ),
    "SERIES": frozenset(
        {"StudyInstanceUID", "SeriesInstanceUID", "Modality", "NumberOfSeriesRelatedInstances"}
    ),
    "IMAGE": frozenset({"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"}),
}
_NO_KEYS: Final = frozenset({"QueryRetrieveLevel", "SpecificCharacterSet", "TimezoneOffsetFromUTC"})


class QueryRefused(ValueError):
    """The identifier does not fit the Study Root model; the text says why, for Error Comment (0000,0902)."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The pending responses to one C-FIND, and the status they all carry."""

    status: int
    identifiers: list[Dataset]


def answer_query(identifier: Dataset, instances: Iterable[HeldInstance]) -> Answers:
    """Return one response identifier for every study, series or instance that matches.

    Raises QueryRefused for an unknown level or a missing unique key of a level above (PS3.4 C.4.1.2.1).
    """
    level = _level_of(identifier)
    requested = _requested_keywords(identifier)
    keys = {one: text_of(identifier, one) for one in requested if one in _KEYS[level]}
    matching = [
        entity
        for entity in _entities(level, instances)
        if all(is_match(keyword, wanted, entity[keyword]) for keyword, wanted in keys.items())
    ]
    is_all_supported = len(keys) == len(requested) and not any(
        keys[one] for one in RETURNED_ONLY if one in keys
    )
    return Answers(
        status=PENDING if is_all_supported else PENDING_KEYS_UNSUPPORTED,
        identifiers=[_response(level, keys, entity) for entity in matching],
    )


def _level_of(identifier: Dataset) -> str:
    level = text_of(identifier, "QueryRetrieveLevel")
    if level not in _UNIQUE_KEYS:
        raise QueryRefused("Query/Retrieve Level must be STUDY, SERIES or IMAGE")
    for keyword in _UNIQUE_KEYS[level][:-1]:
        if not is_valid_uid(text_of(identifier, keyword)):
            raise QueryRefused(f"{keyword} must be one UID at level {level}")
    return level


def _requested_keywords(identifier: Dataset) -> list[str]:
    tags = [BaseTag(tag) for tag in sorted(identifier.keys())]
    keywords = [keyword_for_tag(tag) or str(tag) for tag in tags if tag.element != 0]
    return [keyword for keyword in keywords if keyword not in _NO_KEYS]


def _entities(level: str, instances: Iterable[HeldInstance]) -> list[dict[str, str]]:
    depth = len(_UNIQUE_KEYS[level])

    def uids(one: HeldInstance) -> tuple[str, ...]:
        return (one.study_instance_uid, one.series_instance_uid, one.sop_instance_uid)[:depth]

    return [_entity(list(members)) for _, members in groupby(sorted(instances, key=uids), key=uids)]


def _entity(members: list[HeldInstance]) -> dict[str, str]:
    """Every key there is, for one study, series or instance; the level decides which of them are shown."""
    first = members[0]
    return {
        "SpecificCharacterSet": first.specific_character_set,
        "StudyInstanceUID": first.study_instance_uid,
        "SeriesInstanceUID": first.series_instance_uid,
        "SOPInstanceUID": first.sop_instance_uid,
        "SOPClassUID": first.sop_class_uid,
        "Modality": first.modality,
        "StudyDate": first.study_date,
        "PatientID": first.patient_id,
        "PatientName": first.patient_name,
        "ModalitiesInStudy": "\\".join(sorted({one.modality for one in members if one.modality})),
        "NumberOfStudyRelatedSeries": str(len({one.series_instance_uid for one in members})),
        "NumberOfStudyRelatedInstances": str(len(members)),
        "NumberOfSeriesRelatedInstances": str(len(members)),
    }


def _response(level: str, keys: Iterable[str], entity: Mapping[str, str]) -> Dataset:
    response = Dataset()
    if entity["SpecificCharacterSet"]:
        _set(response, "SpecificCharacterSet", entity["SpecificCharacterSet"])
    _set(response, "QueryRetrieveLevel", level)
    for keyword in keys:
        _set(response, keyword, entity[keyword])
    return response


def _set(response: Dataset, keyword: str, value: str) -> None:
    # As held: a malformed value is the sender's, and pydicom's complaint would quote it.
    response.add(DataElement(keyword, dictionary_VR(keyword), value, validation_mode=config.IGNORE))
