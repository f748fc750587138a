"""How the node is: one word for colours, one sentence for people, and the findings behind them. Pure."""

from dataclasses import dataclass

from dicom_node.dashboard.facts import Facts
from dicom_node.dashboard.findings import Finding, Severity, findings_of
from dicom_node.dashboard.wording import counted

_WORD = {Severity.STOPPED: "stopped", Severity.TROUBLE: "trouble", Severity.NOTE: "note"}


@dataclass(frozen=True, kw_only=True)
class Condition:
    """``word`` is well | note | trouble | stopped; ``findings`` the worst first, and none when all is well."""

    word: str
    headline: str
    findings: tuple[Finding, ...]


def condition_of(facts: Facts) -> Condition:
    """Judge the node by what the ledger says of it."""
    found = findings_of(facts)
    if not found:
        return Condition(word="well", headline=f"All is well: {_work_under_way(facts)}.", findings=())
    return Condition(word=_WORD[found[0].severity], headline=found[0].what, findings=tuple(found))


def _work_under_way(facts: Facts) -> str:
    parts = [
        (facts.depth.studies["receiving"], "study is being received", "studies are being received"),
        (facts.depth.analyses["running"], "analysis is running", "analyses are running"),
        (facts.depth.analyses["queued"], "analysis is queued", "analyses are queued"),
        (facts.depth.deliveries["owed"], "result is on its way", "results are on their way"),
    ]
    under_way = [counted(number, one, many) for number, one, many in parts if number]
    return ", ".join(under_way) or "nothing is waiting"
