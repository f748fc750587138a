"""``/healthz``: for probes. 200 when the ledger answers and a receiver, a steward and a worker are alive."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse

from dicom_node.dashboard.facts import KINDS, Facts, read_facts
from dicom_node.dashboard.findings import Finding, Severity, findings_of
from dicom_node.errors import LedgerAway
from dicom_node.ledger import Ledger, report


@dataclass(frozen=True, kw_only=True)
class Health:
    """Answers probes from the ledger; ``clock`` gives seconds since the epoch."""

    ledger: Ledger
    destinations: tuple[str, ...]
    spool: Path
    clock: Callable[[], float]

    def answer(self, _request: Request) -> JSONResponse:
        """``{"status": "ok" | "degraded", "reasons": […], …}``; degraded is 503.

        ``reasons`` are what makes it degraded. ``warnings`` are for people: a destination that is away
        does not get better when an orchestrator restarts the node.
        """
        try:
            with report.answering(self.ledger) as tx:
                facts = read_facts(tx, now=self.clock(), destinations=self.destinations, spool=self.spool)
        except LedgerAway as error:
            return JSONResponse({"status": "degraded", "reasons": [str(error)]}, status_code=503)
        found = findings_of(facts)
        reasons = [_text(each) for each in found if each.severity == Severity.STOPPED]
        warnings = [_text(each) for each in found if each.severity != Severity.STOPPED]
        content = {
            "status": "degraded" if reasons else "ok",
            "reasons": reasons,
            "warnings": warnings,
            **_figures(facts),
        }
        return JSONResponse(content, status_code=503 if reasons else 200)


def _text(finding: Finding) -> str:
    return f"{finding.what} {finding.do}"


def _figures(facts: Facts) -> dict[str, object]:
    return {
        "processes": {kind: facts.alive(kind) for kind in KINDS},
        "studies": facts.depth.studies,
        "analyses": facts.depth.analyses,
        "deliveries": facts.depth.deliveries,
        "oldest_analysis_seconds": facts.depth.oldest_seconds,
    }
