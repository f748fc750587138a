"""Names on the shelf. A name is made from checked UIDs and our own numbers, never from what a peer wrote."""

import re

from dicom_node.errors import InstanceInvalid

UID = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)
LONGEST_UID = 64
STUDIES = "studies"


def is_uid(text: str) -> bool:
    """Whether ``text`` is a UID (PS3.5 section 9). Components with leading zeros, common in the field, pass."""
    return len(text) <= LONGEST_UID and UID.fullmatch(text) is not None


def instance_key(*, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str) -> str:
    """Where an instance that was received lies."""
    study, series, sop = map(_checked, (study_instance_uid, series_instance_uid, sop_instance_uid))
    return f"{STUDIES}/{study}/{series}/{sop}.dcm"


def quarantine_key(*, sop_instance_uid: str, name: str) -> str:
    """Where other content under a known UID lies; ``name`` is one of our own making."""
    return f"quarantine/{_checked(sop_instance_uid)}/{name}.dcm"


def result_key(*, analysis_id: str, fence: int, name: str) -> str:
    """Where a result lies. The fence is in it, so that a worker that lost its lease overwrites nothing."""
    return f"results/{analysis_id}/{fence}/{name}"


def _checked(uid: str) -> str:
    if not is_uid(uid):
        raise InstanceInvalid("a UID is not made of digits and dots, at most 64 characters (PS3.5 section 9)")
    return uid
