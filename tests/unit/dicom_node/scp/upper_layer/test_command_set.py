import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID
from pynetdicom.dimse_messages import C_STORE_RQ, C_STORE_RSP
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu import P_DATA_TF

from dicom_node.scp.status import Status
from dicom_node.scp.upper_layer import command_set
from dicom_node.scp.upper_layer.command_set import CommandInvalid, StoreRequest
from tests.unit.dicom_node.given import CR_IMAGE
from tests.unit.dicom_node.scp.upper_layer.pdus import c_echo_rq, c_store_rq, command, element, uid, us

REQUEST = StoreRequest(message_id=7, sop_class_uid=CR_IMAGE, sop_instance_uid="1.2.3.45")


def _pynetdicoms(message, primitive, context_id=5):
    """The one P-DATA-TF that pynetdicom makes of a message without a data set."""
    made = message()
    made.primitive_to_message(primitive)
    (value,) = made.encode_msg(context_id, 1 << 16)
    pdu = P_DATA_TF()
    pdu.from_primitive(value)
    return pdu.encode()


def _primitive(**about):
    primitive = C_STORE()
    primitive.AffectedSOPClassUID = UID(CR_IMAGE)
    for keyword, value in about.items():
        setattr(primitive, keyword, value)
    return primitive


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("sop_instance_uid", ["1.2.3.45", "1.2.3.4", "1." + "2" * 62])
@pytest.mark.parametrize("message_id", [0, 1, 65_535])
def test_the_answer_is_byte_for_byte_pynetdicoms(status, sop_instance_uid, message_id):
    request = StoreRequest(message_id=message_id, sop_class_uid=CR_IMAGE, sop_instance_uid=sop_instance_uid)
    theirs = _primitive(
        MessageIDBeingRespondedTo=message_id, AffectedSOPInstanceUID=UID(sop_instance_uid), Status=int(status)
    )
    ours = command_set.store_response(request, context_id=5, status=status)
    assert ours == _pynetdicoms(C_STORE_RSP, theirs)


def test_a_request_made_by_pynetdicom_is_read():
    theirs = _primitive(MessageID=7, AffectedSOPInstanceUID=UID("1.2.3.45"), Priority=2)
    elements = command_set.decode(_pynetdicoms(C_STORE_RQ, theirs)[12:])
    assert command_set.command_field(elements) == command_set.C_STORE_RQ
    assert command_set.store_request(elements) == REQUEST


def test_a_request_with_a_data_set_says_so():
    elements = command_set.decode(c_store_rq(CR_IMAGE, "1.2.3.45"))
    assert command_set.has_data_set(elements)
    assert not command_set.has_data_set(command_set.decode(c_echo_rq()))


@given(
    message_id=st.integers(0, 65_535),
    uids=st.tuples(*[st.from_regex(r"[0-9.]{1,64}", fullmatch=True)] * 2),
)
def test_what_was_encoded_is_decoded(message_id, uids):
    elements = command_set.decode(c_store_rq(*uids, message_id=message_id))
    assert command_set.store_request(elements) == StoreRequest(
        message_id=message_id, sop_class_uid=uids[0], sop_instance_uid=uids[1]
    )


def test_the_answer_is_decoded_as_it_was_meant():
    pdu = command_set.store_response(REQUEST, context_id=9, status=Status.DUPLICATE_SOP_INSTANCE)
    elements = command_set.decode(pdu[12:])
    assert pdu[:1] == b"\x04"
    assert (pdu[10], pdu[11]) == (9, 3)
    assert command_set.command_field(elements) == command_set.C_STORE_RSP
    assert not command_set.has_data_set(elements)
    assert elements[0x0900] == b"\x11\x01"
    assert int.from_bytes(elements[0], "little") == len(pdu) - 12 - 12


def test_wherever_a_command_set_is_cut_it_is_no_request():
    whole = c_store_rq(CR_IMAGE, "1.2.3.45")
    for length in range(len(whole)):
        with pytest.raises(CommandInvalid):
            command_set.store_request(command_set.decode(whole[:length]))


@pytest.mark.parametrize(
    ("hostile", "sentence"),
    [
        (b"\x00", "is cut"),
        (element(0x0100, b"ab")[:-1], "is cut"),
        (b"\x08\x00" + element(0x0016, b"1.2 ")[2:], "not of group 0000"),
        (b"\x00\x00\x00\x01\xff\xff\xff\xff", "is cut"),
        (b"garbage, and more of it", "not of group 0000"),
    ],
    ids=["one byte", "value cut", "group 0008", "4 GiB", "garbage"],
)
def test_what_is_no_command_set_is_refused(hostile, sentence):
    with pytest.raises(CommandInvalid, match=sentence):
        command_set.decode(hostile)


@pytest.mark.parametrize(
    ("missing", "number"),
    [(0x0110, "0110"), (0x0002, "0002"), (0x1000, "1000")],
    ids=["message id", "class", "instance"],
)
@pytest.mark.parametrize("value", [None, b""], ids=["absent", "empty"])
def test_a_request_must_have_its_id_its_class_and_its_instance(missing, number, value):
    elements = command_set.decode(c_store_rq(CR_IMAGE, "1.2.3.45"))
    if value is None:
        del elements[missing]
    else:
        elements[missing] = value
    with pytest.raises(CommandInvalid, match=rf"lacks \(0000,{number}\)"):
        command_set.store_request(elements)


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x01\x00\x00\x00"])
def test_a_number_of_another_length_is_none(value):
    elements = command_set.decode(command(element(0x0100, value), element(0x0800, value)))
    with pytest.raises(CommandInvalid):
        command_set.command_field(elements)
    with pytest.raises(CommandInvalid):
        command_set.has_data_set(elements)


def test_a_uid_of_bytes_that_are_no_text_is_neither_an_error_nor_one_of_those_we_take():
    hostile = command(us(0x0110, 1), element(0x0002, b"\xff\xfe"), uid(0x1000, "../../x"))
    request = command_set.store_request(command_set.decode(hostile))
    assert request.sop_class_uid == "\ufffd\ufffd"
    assert request.sop_instance_uid == "../../x"  # compared with the data set's, never made a name of
    assert command_set.store_response(request, context_id=1, status=0xA900)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_the_answer_is_elements_or_a_refusal(content):
    try:
        elements = command_set.decode(content)
    except CommandInvalid:
        return
    assert sum(8 + len(value) for value in elements.values()) <= len(content)


@pytest.mark.parametrize(
    ("field", "missing"),
    [
        (0x0030, 0x0110),
        (0x0030, 0x0002),
        (0x0130, 0x0110),
        (0x0130, 0x0003),
        (0x0130, 0x1001),
        (0x0130, 0x1008),
        (0x0020, 0x0110),
    ],
)
def test_a_request_that_nobody_would_answer_is_refused(field, missing):
    elements = {
        0x0002: b"1.2.3\0",
        0x0003: b"1.2.3\0",
        0x0100: field.to_bytes(2, "little"),
        0x0110: b"\7\0",
        0x1001: b"1.2.3\0",
        0x1008: b"\1\0",
    }
    command_set.require_answerable(elements)
    with pytest.raises(CommandInvalid, match=f"{missing:04X}"):
        command_set.require_answerable({tag: value for tag, value in elements.items() if tag != missing})


def test_a_response_needs_no_message_id_of_its_own():
    command_set.require_answerable({0x0100: b"\x00\x81"})
