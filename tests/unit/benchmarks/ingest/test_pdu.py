"""What the bench sends is judged by pynetdicom's decoders, not by its own."""

import struct
from io import BytesIO

import pytest
from pydicom.filereader import read_dataset
from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ, A_RELEASE_RQ, P_DATA_TF
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import build_context

from tests.benchmarks.ingest import pdu

CT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"
SOP_INSTANCE_UID = "2.25.7"


def _pdus(stream):
    at, found = 0, []
    while at < len(stream):
        (length,) = struct.unpack_from(">I", stream, at + 2)
        found.append(bytes(stream[at : at + 6 + length]))
        at += 6 + length
    assert at == len(stream)
    return found


def _values(stream):
    """Every PDV of a stream: context id, message control header, fragment."""
    values = []
    for each in _pdus(stream):
        decoded = P_DATA_TF()
        decoded.decode(each)
        for item in decoded.presentation_data_value_items:
            content = item.presentation_data_value
            values.append((item.presentation_context_id, content[0], content[1:]))
    return values


def test_the_association_request_proposes_one_context():
    request = A_ASSOCIATE_RQ()
    request.decode(
        pdu.associate_request(
            called_ae_title="NODE",
            calling_ae_title="BENCH",
            sop_class_uid=CT,
            transfer_syntax_uid=EXPLICIT,
        )
    )
    primitive = request.to_primitive()
    (context,) = primitive.presentation_context_definition_list
    assert (primitive.called_ae_title, primitive.calling_ae_title) == ("NODE", "BENCH")
    assert (context.context_id, context.abstract_syntax, context.transfer_syntax) == (1, CT, [EXPLICIT])
    (longest,) = [each for each in primitive.user_information if isinstance(each, MaximumLengthNotification)]
    assert longest.maximum_length_received == 1 << 17


def test_the_release_request_is_one():
    A_RELEASE_RQ().decode(pdu.release_request())
    assert len(pdu.release_request()) == 10


@pytest.mark.parametrize("longest", [100, 16_382, 1 << 17])
def test_a_store_request_is_a_command_and_its_data_set_within_the_longest_pdu(longest):
    data_set = bytes(range(256)) * 200
    stream = pdu.store_request(
        data_set, sop_class_uid=CT, sop_instance_uid=SOP_INSTANCE_UID, maximum_pdu_bytes=longest
    )
    assert max(len(each) - 6 for each in _pdus(stream)) <= longest
    values = _values(stream)
    assert {context for context, _, _ in values} == {1}
    assert b"".join(part for _, control, part in values if not control & pdu.COMMAND) == data_set
    assert [bool(control & pdu.LAST) for _, control, _ in values].count(True) == 2
    assert values[-1][1] == pdu.LAST
    command = read_dataset(
        BytesIO(b"".join(part for _, control, part in values if control & pdu.COMMAND)), True, True
    )
    assert command.CommandGroupLength == sum(8 + len(_padded(each)) for each in command) - 12
    assert (command.CommandField, command.MessageID, command.CommandDataSetType) == (0x0001, 1, 1)
    assert (command.AffectedSOPClassUID, command.AffectedSOPInstanceUID) == (CT, SOP_INSTANCE_UID)


def _padded(element):
    if element.VR == "UI":
        return element.value + "\0" * (len(element.value) % 2)
    return bytes({"US": 2, "UL": 4}[element.VR])


def _accept(*, result=0, longest=16_382):
    """The body of an A-ASSOCIATE-AC as pynetdicom writes it."""
    context = build_context(CT, EXPLICIT)
    context.context_id, context.result = 1, result
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received, implementation.implementation_class_uid = longest, "2.25.1"
    primitive = A_ASSOCIATE()
    primitive.application_context_name = pdu.APPLICATION_CONTEXT
    primitive.called_ae_title, primitive.calling_ae_title = "NODE", "BENCH"
    primitive.presentation_context_definition_results_list = [context]
    primitive.user_information = [length, implementation]
    accept = A_ASSOCIATE_AC()
    accept.from_primitive(primitive)
    return accept.encode()[pdu.HEADER_BYTES :]


@pytest.mark.parametrize("longest", [0, 16_382, 1 << 17])
def test_the_acceptors_longest_pdu_is_read(longest):
    assert pdu.maximum_pdu_bytes(_accept(longest=longest)) == longest


def test_a_context_that_was_not_accepted_is_told():
    with pytest.raises(ValueError, match="not accepted"):
        pdu.maximum_pdu_bytes(_accept(result=3))


def test_a_value_is_found_in_a_command_and_one_that_is_not_there_is_none():
    stream = pdu.store_request(b"x", sop_class_uid=CT, sop_instance_uid="2.25.7", maximum_pdu_bytes=1000)
    command = next(part for _, control, part in _values(stream) if control & pdu.COMMAND)
    assert pdu.command_value(command, (0x0000, 0x0110)) == 1
    assert pdu.command_value(command, pdu.STATUS) is None


def test_fragments_come_with_their_headers():
    body = struct.pack(">IBB", 5, 1, 3) + b"abc" + struct.pack(">IBB", 3, 1, 0) + b"d"
    assert list(pdu.fragments(body)) == [(3, b"abc"), (0, b"d")]
