"""What is wrong with the node, or worth knowing, and what to do about each. Pure: one rule a function."""

from dataclasses import dataclass
from enum import IntEnum

from dicom_node.dashboard.facts import Facts
from dicom_node.dashboard.wording import age, counted, duration, sentence, verb
from dicom_node.ledger.callers import RefusedCaller
from dicom_node.ledger.models import ModelState

SLOW_AFTER_SECONDS = 900.0
REFUSED_SHOWN_AT_MOST = 3
NEEDED = {
    "receive": "studies are turned away",
    "steward": "studies are not completed, and results not delivered",
    "work": "nothing is analysed",
}
_CALLED = {"receive": "receiver", "steward": "steward", "work": "worker"}


class Severity(IntEnum):
    """How bad it is: part of the node stands still, something waits for help, or it is only worth knowing."""

    NOTE = 1
    TROUBLE = 2
    STOPPED = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to know: ``what`` is the case, and what to ``do``; ``study_instance_uid`` where to look.

    ``is_not_taken``: the page of what was not taken says more.
    """

    severity: Severity
    what: str
    do: str
    study_instance_uid: str | None = None
    is_not_taken: bool = False


def findings_of(facts: Facts) -> list[Finding]:
    """Everything there is to say of the node, the worst first."""
    found = [
        *_missing_processes(facts),
        *_hindered_deliveries(facts),
        *_models_not_ready(facts),
        *_models_nobody_has(facts),
        *_failures(facts),
        *_slowness(facts),
        *_quarantined(facts),
        *_rejected(facts),
        *_refused_callers(facts),
        *_remarks(facts),
    ]
    return sorted(found, key=lambda finding: -finding.severity)


def _missing_processes(facts: Facts) -> list[Finding]:
    missing = [kind for kind in NEEDED if not facts.alive(kind)]
    if len(missing) == len(NEEDED):
        what = "The node is not running: no receiver, no steward and no worker is alive."
        return [_stopped(what, "Start it with `dicom-node up`, or look at its log.")]
    return [
        _stopped(
            f"No {_CALLED[kind]} is alive: {NEEDED[kind]}{_who_waits(facts) if kind == 'work' else ''}.",
            f"Start `dicom-node {kind}` or look at its log.",
        )
        for kind in missing
    ]


def _who_waits(facts: Facts) -> str:
    waiting = facts.depth.analyses["queued"] + facts.depth.analyses["running"]
    return f"; {counted(waiting, 'analysis', 'analyses')} {verb(waiting, 'waits', 'wait')}" if waiting else ""


def _hindered_deliveries(facts: Facts) -> list[Finding]:
    return [
        _trouble(
            f"{counted(each.results, 'result')} {verb(each.results, 'waits', 'wait')} "
            f"for destination {each.destination}: {sentence(each.error)}",
            _how_to_reach(each.destination, facts),
        )
        for each in facts.hindrances
    ]


def _how_to_reach(destination: str, facts: Facts) -> str:
    if destination not in facts.destinations:
        return f"Put [destinations.{destination}] back into the settings and restart the node."
    return "The node sends again by itself. See that the destination runs and knows this node."


def _models_not_ready(facts: Facts) -> list[Finding]:
    return [
        _trouble(
            f"Model {model.model_name} {model.model_version} is not ready: "
            f"{sentence(model.reason_not_ready or '')}{_waiting_for(model, facts)}",
            "Mend or remove the package and restart the workers; what waits then goes on by itself.",
        )
        for model in facts.models
        if model.reason_not_ready is not None
    ]


def _waiting_for(model: ModelState, facts: Facts) -> str:
    waiting = facts.queued_by_model.get((model.model_name, model.model_version), 0)
    wait = verb(waiting, "waits", "wait")
    return f" {counted(waiting, 'analysis', 'analyses')} {wait} for it." if waiting else ""


def _models_nobody_has(facts: Facts) -> list[Finding]:
    """Only once a worker reported its packages; before that they may still be loading."""
    known = {(model.model_name, model.model_version) for model in facts.models}
    return [
        _trouble(
            f"{counted(waiting, 'analysis', 'analyses')} {verb(waiting, 'waits', 'wait')} "
            f"for model {name} {version}, which no worker has.",
            "Put its package back into a folder of [inference] packages and restart the workers.",
        )
        for (name, version), waiting in facts.queued_by_model.items()
        if known and (name, version) not in known
    ]


def _failures(facts: Facts) -> list[Finding]:
    if not facts.failures:
        return []
    count, newest = len(facts.failures), facts.failures[0]
    which = "" if count == 1 else "; the newest"
    return [
        _trouble(
            f"{counted(count, 'analysis', 'analyses')} failed within a day{which}: "
            f"{newest.model} {newest.version}: {sentence(newest.error or 'no reason was recorded')}",
            "It is not tried again. The study's page tells its story.",
            study_instance_uid=newest.study_instance_uid,
        )
    ]


def _slowness(facts: Facts) -> list[Finding]:
    """A queue that grows while everything seems alive; where a cause is known it is named elsewhere."""
    explained = not facts.alive("work") or any(model.reason_not_ready for model in facts.models)
    if explained or facts.depth.oldest_seconds < SLOW_AFTER_SECONDS:
        return []
    what = f"The oldest analysis was queued {duration(facts.depth.oldest_seconds)} ago and is not done."
    return [_trouble(what, "Start more workers, or look into the workers' log.")]


def _quarantined(facts: Facts) -> list[Finding]:
    if not facts.quarantined:
        return []
    count = facts.quarantined
    what = (
        f"{counted(count, 'instance')} {verb(count, 'has', 'have')} other content in quarantine: "
        "a SOP Instance UID came twice, with different content."
    )
    do = (
        "The first is kept, the other is not lost. See which two differ, from whom they came, and what to do."
    )
    return [_trouble(what, do, is_not_taken=True)]


def _rejected(facts: Facts) -> list[Finding]:
    if not facts.rejections:
        return []
    newest, count = facts.rejections[0], facts.rejected
    what = (
        f"{counted(count, 'instance')} {verb(count, 'was', 'were')} rejected within a day"
        f"{'' if len(facts.rejections) == 1 else '; the newest'}: "
        f"{newest.calling_ae_title}: {sentence(newest.reason)}"
    )
    do = "The sender was told, and nothing was stored. Whoever serves that device must correct what it sends."
    return [_trouble(what, do, is_not_taken=True)]


def _refused_callers(facts: Facts) -> list[Finding]:
    """The latest few: whoever makes up names must not hide everything else."""
    shown, more = facts.refused[:REFUSED_SHOWN_AT_MOST], facts.refused[REFUSED_SHOWN_AT_MOST:]
    found = [_trouble(_what_was_refused(each, facts.now), each.remedy) for each in shown]
    if more:
        what = f"{counted(len(more), 'more caller')} {verb(len(more), 'was', 'were')} refused within a day."
        found.append(_trouble(what, "`dicom-node status` lists them.", is_not_taken=True))
    return found


def _what_was_refused(caller: RefusedCaller, now: float) -> str:
    often = "" if caller.times == 1 else f" {counted(caller.times, 'time')}, first"
    who = caller.who[0].upper() + caller.who[1:] if not caller.calling_ae_title else caller.who
    return f"{who} was refused{often} {age(now - caller.first_seen_at)} ago: it {sentence(caller.reason)}"


def _remarks(facts: Facts) -> list[Finding]:
    remarks = []
    if not facts.models:
        what = (
            "The node runs, but no worker has reported a model package yet: studies are kept, not analysed."
        )
        remarks.append((what, "Wait for the workers to load, or add a package to [inference] packages."))
    if not facts.destinations:
        what = "No destination is set: results stay in the spool."
        remarks.append((what, "Add a section [destinations.NAME] to the settings and restart the node."))
    return [Finding(severity=Severity.NOTE, what=what, do=do) for what, do in remarks]


def _stopped(what: str, do: str) -> Finding:
    return Finding(severity=Severity.STOPPED, what=what, do=do)


def _trouble(
    what: str, do: str, study_instance_uid: str | None = None, *, is_not_taken: bool = False
) -> Finding:
    return Finding(
        severity=Severity.TROUBLE,
        what=what,
        do=do,
        study_instance_uid=study_instance_uid,
        is_not_taken=is_not_taken,
    )
