import pytest

from dicom_node.ledger.lifecycle import STEPS, AnalysisState, DeliveryState, StudyState, states_before

FIRST = {"study": StudyState.RECEIVING, "analysis": AnalysisState.QUEUED, "delivery": DeliveryState.OWED}
STATES = {"study": StudyState, "analysis": AnalysisState, "delivery": DeliveryState}
LAST = {"analysis": {"succeeded", "refused"}, "delivery": {"delivered"}, "study": set()}


@pytest.mark.parametrize("subject", STATES)
def test_every_state_can_be_reached_from_the_first(subject):
    reached, grown = {FIRST[subject]}, True
    while grown:
        further = {step.after for step in STEPS if step.subject == subject and step.before in reached}
        grown = not further <= reached
        reached |= further
    assert reached == set(STATES[subject])


@pytest.mark.parametrize("subject", STATES)
def test_only_the_last_states_lead_nowhere(subject):
    leads_on = {step.before for step in STEPS if step.subject == subject}
    assert set(STATES[subject]) - leads_on == LAST[subject]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.subject}: {step.before} -> {step.after}")
def test_every_step_is_between_known_states_and_says_who_and_why(step):
    assert {step.before, step.after} <= set(STATES[step.subject])
    assert step.before != step.after
    assert step.by in {"scp", "study", "routing", "queue", "worker", "delivery", "steward", "admin"}
    assert step.why


def test_no_step_is_there_twice():
    assert len({(step.subject, step.before, step.after) for step in STEPS}) == len(STEPS)


def test_the_states_before_are_those_of_the_table():
    assert set(states_before("study", StudyState.RECEIVING, by="scp")) == {"complete", "routed", "finished"}
    assert states_before("analysis", AnalysisState.RUNNING, by="worker") == ("queued",)
    assert states_before("delivery", DeliveryState.DELIVERED, by="delivery") == ("sending",)


def test_each_takes_its_own_steps_alone():
    assert states_before("analysis", AnalysisState.QUEUED, by="queue") == ("running",)
    assert states_before("analysis", AnalysisState.QUEUED, by="admin") == ("failed",)
    assert states_before("study", StudyState.ROUTED, by="routing") == ("complete",)
    assert states_before("study", StudyState.ROUTED, by="admin") == ("finished",)


@pytest.mark.parametrize(
    ("subject", "after", "by"),
    [("study", "nowhere", "scp"), ("analysis", "routed", "worker"), ("study", "routed", "scp")],
)
def test_a_step_that_is_not_in_the_table_cannot_be_asked_for(subject, after, by):
    with pytest.raises(KeyError, match=f"no step of {by} leads a {subject} to {after}"):
        states_before(subject, after, by=by)
