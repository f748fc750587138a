"""docs/lifecycle.md says what dicom_node/ledger/lifecycle.py, events.py, errors.py and scp/status.py say."""

import re
from enum import StrEnum

import pytest

from dicom_node import errors
from dicom_node.events import MEANING, Event
from dicom_node.ledger.lifecycle import STEPS, AnalysisState, DeliveryState, StudyState
from dicom_node.scp.status import Status
from tests.architecture.documents import code_blocks, read, table

PAGE = "docs/lifecycle.md"
SUBJECTS = {"study": StudyState, "analysis": AnalysisState, "delivery": DeliveryState}


def test_every_subject_with_a_step_has_its_section() -> None:
    assert {step.subject for step in STEPS} == set(SUBJECTS)


@pytest.mark.parametrize(("subject", "states"), SUBJECTS.items())
def test_states(subject: str, states: type[StrEnum]) -> None:
    shown = table(PAGE, subject.capitalize(), "state", "meaning")
    assert [row["state"] for row in shown.rows] == [str(state) for state in states]
    assert all(row["meaning"] for row in shown.rows)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_steps(subject: str) -> None:
    shown = table(PAGE, subject.capitalize(), "from", "to", "by", "why")
    taken = [(step.before, step.after, step.by, step.why) for step in STEPS if step.subject == subject]
    assert [tuple(row.values()) for row in shown.rows] == taken


def test_diagrams() -> None:
    for (subject, states), drawing in zip(SUBJECTS.items(), code_blocks(PAGE, "mermaid"), strict=True):
        arrows = re.findall(r"^\s*(\S+) --> (\S+)$", drawing, re.MULTILINE)
        steps = {(step.before, step.after) for step in STEPS if step.subject == subject}
        assert {arrow for arrow in arrows if "[*]" not in arrow} == steps
        assert {after for before, after in arrows if before == "[*]"} == {next(iter(states))}
        ends = {str(state) for state in states} - {before for before, _ in steps}
        assert {before for before, after in arrows if after == "[*]"} == ends


def test_what_to_do_is_said_for_every_state_in_which_something_waits_or_failed() -> None:
    rows = table(PAGE, "What to do", "what", "state", "means", "do").rows
    named = {(row["what"], row["state"]) for row in rows}
    known = {(subject, str(state)) for subject, states in SUBJECTS.items() for state in states}
    assert known - named == {("analysis", "succeeded"), ("delivery", "delivered")}
    assert named <= known
    assert all(row["means"] and row["do"] for row in rows)


def test_events() -> None:
    rows = table(PAGE, "Events", "event", "meaning").rows
    assert {row["event"]: row["meaning"] for row in rows} == {str(each): MEANING[each] for each in Event}


def test_errors() -> None:
    rows = table(PAGE, "Errors", "error", "kind", "meaning").rows
    shown = {row["error"]: (row["kind"], row["meaning"]) for row in rows}
    kinds = (errors.Transient, errors.Permanent)
    assert shown == {
        error.__name__: (kind.__name__, error.__doc__)
        for kind in kinds
        for error in kind.__subclasses__()
        if error.__module__ == errors.__name__
    }


def test_statuses() -> None:
    rows = table(PAGE, "What the door answers", "status", "name", "when").rows
    shown = {(int(row["status"], 16), row["name"]) for row in rows}
    assert shown == {(int(status), status.name) for status in Status}


def test_the_numbers_on_the_page() -> None:
    from dicom_node.delivery.courier import LEASE_SECONDS
    from dicom_node.worker.analysis import SECONDS_BEFORE_NEXT_ATTEMPT

    assert f"with a lease of {LEASE_SECONDS:g} s" in read(PAGE)
    assert f"the next attempt is {SECONDS_BEFORE_NEXT_ATTEMPT:g} s away" in read(PAGE)
