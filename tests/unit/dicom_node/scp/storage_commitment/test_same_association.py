import threading

import pytest
from pynetdicom import evt

from dicom_node.scp.storage_commitment.same_association import ENDED, SameAssociation
from tests.unit.dicom_node.scp.storage_commitment.given import (
    OpenAssociation,
    a_report,
    action_answer,
    report_answer,
)


def _asked(association):
    """An association whose N-ACTION has been answered."""
    same = SameAssociation(association)
    association.happens(evt.EVT_DIMSE_SENT, action_answer())
    return same


def _answering(*answers):
    """Answers to our reports, in turn, by another thread, as pynetdicom's is."""
    association = OpenAssociation()
    left = list(answers)

    def answer(_):
        what = left.pop(0)
        threading.Thread(target=association.happens, args=(evt.EVT_DIMSE_RECV, what)).start()

    association._on_send = answer
    return association


def test_a_report_is_sent_in_one_piece_and_taken_when_it_was_answered_so():
    association = _answering(report_answer(message_id=1))
    assert _asked(association).report(a_report(100)) is None
    assert len(association.sent) > 10
    assert association.bells == 1
    assert {each.presentation_data_value_list[0][0] for each in association.sent} == {3}


def test_nothing_is_sent_before_the_request_itself_was_answered():
    association = OpenAssociation()
    same = SameAssociation(association)
    association.happens(evt.EVT_DIMSE_SENT, report_answer(message_id=1))  # some other message
    assert same.report(a_report()) == ENDED
    assert association.sent == []


def test_nothing_is_sent_on_an_association_that_has_ended():
    association = OpenAssociation()
    same = _asked(association)
    association.is_established = False
    assert same.report(a_report()) == ENDED
    assert association.sent == []


def test_nothing_is_sent_where_the_context_was_not_accepted():
    association = OpenAssociation(is_accepted=False)
    assert _asked(association).report(a_report()) == ENDED
    assert association.sent == []


def test_an_association_that_ends_meanwhile_is_not_waited_for():
    association = OpenAssociation()
    association._on_send = lambda _: setattr(association, "is_established", False)
    assert "ended its association before" in _asked(association).report(a_report(), within_seconds=60)


def test_a_requester_that_is_silent_is_waited_for_so_long():
    assert "did not answer the report in 0.1 s" in _asked(OpenAssociation()).report(
        a_report(), within_seconds=0.1
    )


def test_a_refusal_is_no_success():
    association = _answering(report_answer(message_id=1, status=0x0110))
    assert "0110" in _asked(association).report(a_report())


def test_a_late_answer_is_not_taken_for_that_of_the_next_report():
    late = report_answer(message_id=1)
    association = _answering(report_answer(message_id=99), late)
    assert "did not answer" in _asked(association).report(a_report(), within_seconds=0.1)
    assert "did not answer" in _asked(association).report(a_report(), within_seconds=0.1)


@pytest.mark.parametrize("answer", [report_answer(message_id=1), report_answer(message_id=2)])
def test_when_it_is_over_nobody_listens_any_more(answer):
    association = _answering(answer)
    _asked(association).report(a_report(), within_seconds=0.1)
    assert association.listeners(evt.EVT_DIMSE_SENT) == association.listeners(evt.EVT_DIMSE_RECV) == 0
