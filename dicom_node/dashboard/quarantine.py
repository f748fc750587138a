"""What lies in quarantine: other content that came under the SOP Instance UID of an instance we hold.

The shelf is asked and not the journal, so that what an admin has dealt with and deleted is gone from the pages.
Of a file nothing is read but group 0002, which holds nothing of a patient.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info

from dicom_node.ledger import Transaction, report
from dicom_node.ledger.report import KeptReport
from dicom_node.spool.layout import is_uid

QUARANTINE = "quarantine"
SHOWN_AT_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One file below the spool, under ``key``: when it came (seconds since the epoch), and from whom.

    ``calling_ae_title`` is empty where its file does not say.
    """

    key: str
    size_bytes: int
    received_at: float
    calling_ae_title: str


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One UID, several contents. ``first`` is the one that is kept; None where it is held no more."""

    sop_instance_uid: str
    study_instance_uid: str | None
    first: Copy | None
    others: tuple[Copy, ...]

    @property
    def copies(self) -> list[tuple[str, Copy]]:
        """All of them, each with a word on which it is."""
        first = [("the first, kept", self.first)] if self.first else []
        return [*first, *(("other, in quarantine", copy) for copy in self.others)]


def count_quarantined(spool: Path) -> int:
    """How many SOP Instance UIDs have something in quarantine."""
    return sum(1 for folder in _folders(spool) if any(folder.glob("*.dcm")))


def conflicts_in(tx: Transaction, spool: Path, *, study_instance_uid: str | None = None) -> list[Conflict]:
    """Every conflict that lies there, or those of one study; the newest first, at most 200."""
    others = {folder.name: _copies(spool, folder) for folder in _folders(spool)}
    held = {each.sop_instance_uid: each for each in report.kept(tx, list(others))}
    found = [
        _conflict(spool, uid, held.get(uid), copies)
        for uid, copies in others.items()
        if copies and (study_instance_uid is None or _study(held.get(uid)) == study_instance_uid)
    ]
    found.sort(key=lambda conflict: -conflict.others[0].received_at)
    return found[:SHOWN_AT_MOST]


def _folders(spool: Path) -> Iterator[Path]:
    """Not more than can be shown many times over: whoever sends nothing else must not stall the page."""
    try:
        yield from islice((each for each in (spool / QUARANTINE).iterdir() if is_uid(each.name)), 5000)
    except FileNotFoundError:  # nothing ever came there
        return


def _copies(spool: Path, folder: Path) -> tuple[Copy, ...]:
    """The newest first."""
    copies = (_copy(spool, path.relative_to(spool).as_posix()) for path in folder.glob("*.dcm"))
    return tuple(sorted(filter(None, copies), key=lambda copy: -copy.received_at))


def _conflict(
    spool: Path, sop_instance_uid: str, held: KeptReport | None, others: tuple[Copy, ...]
) -> Conflict:
    return Conflict(
        sop_instance_uid=sop_instance_uid,
        study_instance_uid=_study(held),
        first=_first(spool, held) if held else None,
        others=others,
    )


def _first(spool: Path, held: KeptReport) -> Copy:
    """As the ledger has it; who sent it, as its own file says, else who opened its study."""
    return Copy(
        key=held.key,
        size_bytes=held.size_bytes,
        received_at=held.received_at,
        calling_ae_title=_sender(spool / held.key) or held.calling_ae_title,
    )


def _copy(spool: Path, key: str) -> Copy | None:
    with suppress(FileNotFoundError):  # deleted meanwhile
        found = (spool / key).stat()
        return Copy(
            key=key,
            size_bytes=found.st_size,
            received_at=found.st_mtime,
            calling_ae_title=_sender(spool / key),
        )
    return None


def _sender(path: Path) -> str:
    try:
        said = read_file_meta_info(path).get("SendingApplicationEntityTitle", "")
    except (OSError, InvalidDicomError, ValueError):
        return ""
    return "".join(letter if " " <= letter <= "~" else "·" for letter in str(said))


def _study(held: KeptReport | None) -> str | None:
    return held.study_instance_uid if held else None
