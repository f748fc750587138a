import pytest

from dicom_node.scp.intake import Announced
from dicom_node.scp.status import Status
from dicom_node.scp.upper_layer.command_set import StoreRequest, store_response
from dicom_node.scp.upper_layer.messages import (
    LARGEST_COMMAND_BYTES,
    LARGEST_OTHER_DATA_SET_BYTES,
    Messages,
)
from dicom_node.scp.upper_layer.pdu_reader import PduInvalid
from tests.unit.dicom_node.given import CR_IMAGE, EXPLICIT
from tests.unit.dicom_node.scp.upper_layer.pdus import (
    RELEASE_RQ,
    c_echo_rq,
    c_store_rq,
    command,
    element,
    uid,
    us,
)

STORE = c_store_rq(CR_IMAGE, "1.2.3")
COMMITMENT = command(
    uid(0x0003, "1.2.840.10008.1.20.1"),
    us(0x0100, 0x0130),
    us(0x0110, 1),
    us(0x0800, 0x0001),
    uid(0x1001, "1.2.840.10008.1.20.1.1"),
    us(0x1008, 1),
)


class Line:
    """An association that accepted CR on contexts 1 and 3, and notes what it is told to do."""

    calling_ae_title = "CR_ROOM_2"

    def __init__(self, done):
        self._done = done

    def syntaxes(self, context_id):
        return (CR_IMAGE, EXPLICIT) if context_id in (1, 3) else None

    def answer(self, pdu):
        self._done.append(("answered", pdu))

    def hand_over(self, context_id, command, data_set):
        self._done.append(("handed over", context_id, command, data_set))

    def hand_over_pdu(self, pdu):
        self._done.append(("pdu", pdu))


class Intake:
    def __init__(self, done, announced):
        self._done = done
        done.append(("begun", announced))

    def write(self, fragment):
        self._done.append(("written", bytes(fragment)))

    def flush(self):
        self._done.append(("flushed",))

    def finish(self):
        self._done.append(("finished",))
        return Status.SUCCESS

    def give_up(self):
        self._done.append(("given up",))


@pytest.fixture
def done():
    return []


@pytest.fixture
def messages(done):
    return Messages(Line(done), lambda announced: Intake(done, announced), largest_instance_bytes=1000)


def _tell(messages, context_id, *, command=None, data_set=None, pieces=1):
    for is_command, content in ((True, command), (False, data_set)):
        if content is not None:
            size = -(-len(content) // pieces)
            for start in range(0, len(content), size or 1):
                messages.on_fragment(context_id, is_command, memoryview(content)[start : start + size])
            messages.on_message_end(context_id, is_command)


def _answer(*, context_id=1, message_id=7):
    request = StoreRequest(message_id=message_id, sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3")
    return store_response(request, context_id=context_id, status=Status.SUCCESS)


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_store_is_announced_written_finished_and_only_then_answered(messages, done, pieces):
    _tell(messages, 1, command=STORE, data_set=b"abcdef", pieces=pieces)
    announced = Announced(
        abstract_syntax_uid=CR_IMAGE,
        sop_class_uid=CR_IMAGE,
        sop_instance_uid="1.2.3",
        transfer_syntax_uid=EXPLICIT,
        calling_ae_title="CR_ROOM_2",
    )
    assert done[0] == ("begun", announced)
    assert b"".join(piece for _, piece in done[1:-2]) == b"abcdef"
    assert [what for what, *_ in done[1:-2]] == ["written"] * pieces
    assert done[-2:] == [("finished",), ("answered", _answer())]


def test_what_was_written_is_flushed_before_its_bytes_are_lost(messages, done):
    messages.on_bytes_end()
    _tell(messages, 1, command=STORE)
    messages.on_fragment(1, False, memoryview(b"half"))
    messages.on_bytes_end()
    assert [what for what, *_ in done] == ["begun", "written", "flushed"]
    messages.on_message_end(1, False)
    messages.on_bytes_end()
    assert [what for what, *_ in done] == ["begun", "written", "flushed", "finished", "answered"]


def test_nothing_is_answered_before_the_data_set_is_whole(messages, done):
    _tell(messages, 1, command=STORE)
    messages.on_fragment(1, False, memoryview(b"half"))
    assert [what for what, *_ in done] == ["begun", "written"]
    assert not messages.is_between_messages


def test_one_store_after_the_other_each_on_its_context(messages, done):
    _tell(messages, 1, command=STORE, data_set=b"a")
    assert messages.is_between_messages
    _tell(messages, 3, command=c_store_rq(CR_IMAGE, "1.2.3", message_id=8), data_set=b"b")
    answers = [step for step in done if step[0] == "answered"]
    assert answers == [("answered", _answer()), ("answered", _answer(context_id=3, message_id=8))]


@pytest.mark.parametrize(
    "talk",
    [
        lambda m: m.on_fragment(1, False, memoryview(b"a data set without a command")),
        lambda m: m.on_message_end(1, False),
        lambda m: (_tell(m, 1, command=STORE), m.on_fragment(1, True, memoryview(STORE))),
        lambda m: (_tell(m, 1, command=STORE), m.on_fragment(3, False, memoryview(b"on another context"))),
        lambda m: (_tell(m, 1, command=STORE), m.on_message_end(3, False)),
        lambda m: (m.on_fragment(1, True, memoryview(STORE[:9])), m.on_fragment(3, True, memoryview(b"x"))),
        lambda m: (m.on_fragment(1, True, memoryview(STORE[:9])), m.on_fragment(1, False, memoryview(b"x"))),
        lambda m: (_tell(m, 1, command=COMMITMENT), m.on_fragment(1, True, memoryview(b"x"))),
    ],
    ids=[
        "data set first",
        "end first",
        "command in a data set's place",
        "data set on another context",
        "end on another context",
        "command goes on elsewhere",
        "data set in a command's place",
        "a second command before the data set",
    ],
)
def test_a_fragment_out_of_place_is_refused(messages, talk, done):
    with pytest.raises(PduInvalid, match="a fragment that belongs to no message"):
        talk(messages)
    assert "finished" not in [what for what, *_ in done]


@pytest.mark.parametrize(
    "wrong",
    [
        b"garbage, and more of it",
        b"",
        command(us(0x0100, 0x0001)),
        command(us(0x0800, 0x0001)),
        command(uid(0x0002, CR_IMAGE), us(0x0100, 0x0001), us(0x0800, 1), uid(0x1000, "1.2.3")),
        command(us(0x0100, 0x0001), us(0x0110, 1), us(0x0800, 1), uid(0x1000, "1.2.3")),
        command(uid(0x0002, CR_IMAGE), us(0x0100, 0x0001), us(0x0110, 1), us(0x0800, 1)),
    ],
    ids=["garbage", "nothing", "only a field", "no field", "no message id", "no class", "no instance"],
)
def test_a_command_that_cannot_be_answered_is_refused(messages, wrong, done):
    with pytest.raises(PduInvalid):
        _tell(messages, 1, command=wrong)
    assert done == []


def test_a_store_on_a_context_that_was_not_accepted_is_refused(messages, done):
    with pytest.raises(PduInvalid, match="a context that was not accepted"):
        _tell(messages, 5, command=STORE)
    assert done == []


def test_a_store_without_a_data_set_is_refused(messages, done):
    without = STORE.replace(us(0x0800, 1), us(0x0800, 0x0101))
    with pytest.raises(PduInvalid, match="without a data set"):
        _tell(messages, 1, command=without)
    assert done == []


def test_an_instance_larger_than_allowed_is_refused_and_let_go_of(messages, done):
    _tell(messages, 1, command=STORE)
    messages.on_fragment(1, False, memoryview(bytes(1000)))
    with pytest.raises(PduInvalid, match="an instance larger than"):
        messages.on_fragment(1, False, memoryview(b"x"))
    messages.give_up()
    assert done[-1] == ("given up",)
    assert "finished" not in [what for what, *_ in done]


def test_each_instance_may_be_as_large_as_allowed(messages, done):
    for _ in range(3):
        _tell(messages, 1, command=STORE, data_set=bytes(1000))
    assert [what for what, *_ in done].count("answered") == 3


def test_a_command_without_end_is_refused(messages):
    piece = memoryview(bytes(LARGEST_COMMAND_BYTES // 4))
    for _ in range(4):
        messages.on_fragment(1, True, piece)
    with pytest.raises(PduInvalid, match="a command set of more than 65536 bytes"):
        messages.on_fragment(1, True, memoryview(b"x"))


def test_a_data_set_without_end_of_another_service_is_refused(messages, done):
    _tell(messages, 1, command=COMMITMENT)
    piece = memoryview(bytes(LARGEST_OTHER_DATA_SET_BYTES // 4))
    for _ in range(4):
        messages.on_fragment(1, False, piece)
    with pytest.raises(PduInvalid, match="a data set of more than"):
        messages.on_fragment(1, False, memoryview(b"x"))
    assert done == []


def test_what_is_no_store_is_handed_over_as_it_came(messages, done):
    _tell(messages, 3, command=c_echo_rq(), pieces=2)
    assert done == [("handed over", 3, c_echo_rq(), None)]
    assert messages.is_between_messages


def test_its_data_set_goes_with_it(messages, done):
    _tell(messages, 3, command=COMMITMENT, data_set=b"what is to be committed", pieces=3)
    _tell(messages, 1, command=COMMITMENT, data_set=b"")
    assert done == [
        ("handed over", 3, COMMITMENT, b"what is to be committed"),
        ("handed over", 1, COMMITMENT, b""),
    ]


def test_a_store_after_an_echo_is_a_store(messages, done):
    _tell(messages, 1, command=c_echo_rq())
    _tell(messages, 1, command=STORE, data_set=b"a")
    assert done[-1][0] == "answered"


def test_other_pdus_are_handed_over_also_in_the_middle_of_an_instance(messages, done):
    _tell(messages, 1, command=STORE)
    messages.on_other_pdu(RELEASE_RQ)
    assert done[-1] == ("pdu", RELEASE_RQ)


def test_at_the_end_what_is_not_whole_is_let_go_of_once(messages, done):
    _tell(messages, 1, command=STORE)
    messages.give_up()
    messages.give_up()
    assert [what for what, *_ in done] == ["begun", "given up"]


def test_at_the_end_what_was_answered_is_left_alone(messages, done):
    _tell(messages, 1, command=STORE, data_set=b"a")
    messages.give_up()
    assert ("given up",) not in done


def test_group_length_need_not_be_true(messages, done):
    lying = element(0x0000, b"\xff\xff\xff\xff") + STORE[12:]
    _tell(messages, 1, command=lying, data_set=b"a")
    assert done[-1] == ("answered", _answer())
