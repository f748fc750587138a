"""Results onto the shelf, each with its row for the ledger; what the ledger has already is not shelved again."""

import hashlib
from collections.abc import Iterable, Sequence

from dicom_node.ledger import Ledger, results
from dicom_node.ledger.analyses import Claim
from dicom_node.ledger.results import ResultRow
from dicom_node.spool import DiskSpool
from dicom_node.spool.layout import result_key
from dicom_node.worker.recipients import Recipient
from inference.pipeline import EncodedResult


class Shelf:
    """The place in the spool of one attempt at an analysis."""

    def __init__(
        self, *, ledger: Ledger, spool: DiskSpool, claim: Claim, recipients: Sequence[Recipient]
    ) -> None:
        self._ledger = ledger
        self._spool = spool
        self._claim = claim
        self._recipients = recipients
        self._keys: list[str] = []

    def put_results(self, made: Iterable[EncodedResult]) -> list[ResultRow]:
        """Shelve what is new. An attempt that fails as the one before did has the same report."""
        made = list(made)
        with self._ledger.snapshot() as tx:
            known = results.known(tx, [each.sop_instance_uid for each in made])
        return [self._put_result(each) for each in made if each.sop_instance_uid not in known]

    def put(self, name: str, content: bytes) -> str:
        """Shelve anything else; returns its key."""
        key = result_key(analysis_id=self._claim.analysis_id, fence=self._claim.fence, name=name)
        self._spool.put(key, [content])
        self._keys.append(key)
        return key

    def clear(self) -> None:
        """Take everything off again: the fence was old, and another worker's results stand."""
        for key in self._keys:
            self._spool.remove(key)

    def _put_result(self, made: EncodedResult) -> ResultRow:
        return ResultRow(
            sop_instance_uid=made.sop_instance_uid,
            kind=made.kind,
            sop_class_uid=made.sop_class_uid,
            series_instance_uid=made.series_instance_uid,
            key=self.put(f"{made.kind}-{made.sop_instance_uid}.dcm", made.content),
            size_bytes=len(made.content),
            sha256=hashlib.sha256(made.content).hexdigest(),
            destinations=tuple(each.name for each in self._recipients if each.takes(made)),
        )
