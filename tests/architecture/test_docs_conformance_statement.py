"""docs/conformance-statement.md says what the code does: SOP classes, transfer syntaxes, statuses, limits, TLS."""

import ast
import re
import ssl
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pynetdicom
import pytest
from pydicom.uid import UID
from pynetdicom._globals import DEFAULT_MAX_LENGTH
from pynetdicom.sop_class import LabelMapSegmentationStorage, StorageCommitmentPushModel, Verification

from dicom_node import __version__
from dicom_node.delivery import association, storage
from dicom_node.delivery.destination import Destination
from dicom_node.ledger import commitments
from dicom_node.scp import admission, file_meta, header, server
from dicom_node.scp.presentation_contexts import storage_sop_classes, supported_contexts
from dicom_node.scp.status import Status
from dicom_node.scp.storage_commitment import (
    new_association,
    reporter,
    request,
    same_association,
    service,
)
from dicom_node.scp.storage_commitment.report import EventType, FailureReason
from dicom_node.scp.storage_commitment.request import ActionStatus
from dicom_node.scp.tls import CIPHERS_OF_TLS_1_2
from dicom_node.scp.upper_layer import messages, pdu_reader
from dicom_node.scp.user_identity import _KINDS
from dicom_node.settings import Settings, TlsSettings
from inference.encode.encoding import TRANSFER_SYNTAXES, Form
from tests.architecture.documents import ROOT, Row, in_backticks, read, table

PAGE = "docs/conformance-statement.md"
RESULT_CLASSES = {
    "Segmentation": "1.2.840.10008.5.1.4.1.1.66.4",
    "BasicTextSR": "1.2.840.10008.5.1.4.1.1.88.11",
    "EnhancedSR": "1.2.840.10008.5.1.4.1.1.88.22",
    "ComprehensiveSR": "1.2.840.10008.5.1.4.1.1.88.33",
    "Comprehensive3DSR": "1.2.840.10008.5.1.4.1.1.88.34",
    "ParametricMap": "1.2.840.10008.5.1.4.1.1.30",
    "SCImage": "1.2.840.10008.5.1.4.1.1.7",
    "KeyObjectSelectionDocument": "1.2.840.10008.5.1.4.1.1.88.59",
    "GrayscaleSoftcopyPresentationState": "1.2.840.10008.5.1.4.1.1.11.1",
}
"""What highdicom makes, by the name of its class."""

LIMITS_WITHOUT_SETTING = [
    messages.LARGEST_COMMAND_BYTES,
    messages.LARGEST_OTHER_DATA_SET_BYTES,
    pdu_reader.LARGEST_OTHER_PDU_BYTES,
    header.DEEPEST_NESTING,
    request.REFERENCES_AT_MOST,
    service.REFERENCES_OWED_AT_MOST,
    reporter.RELEASE_WITHIN_SECONDS,
    same_association.ANSWER_WITHIN_SECONDS,
    new_association.ANSWER_SECONDS,
    reporter.RETRY_AT_MOST_SECONDS,
    commitments.GIVEN_UP_AFTER_SECONDS / 86_400,
    association.CONNECT_SECONDS,
    association.ANSWER_SECONDS,
]
"""In the order of the page."""


def _rows(heading: str, *columns: str) -> list[Row]:
    return list(table(PAGE, heading, *columns).rows)


def _properties(heading: str) -> dict[str, str]:
    return {row["property"]: row["value"] for row in _rows(heading, "property", "value")}


def _codes(heading: str, *columns: str) -> list[tuple[int, str]]:
    return [(int(row[columns[0]], 0), row["name"]) for row in _rows(heading, *columns)]


def _named(names: Iterable[Any]) -> list[tuple[int, str]]:
    return [(int(each), each.name) for each in names]


def _contexts() -> dict[str, list[str]]:
    return {
        str(each.abstract_syntax): [str(uid) for uid in each.transfer_syntax] for each in supported_contexts()
    }


def test_it_is_of_this_version() -> None:
    assert f"dicom-node, version {__version__}," in read(PAGE)


def test_the_services_are_those_that_are_accepted_beside_storage() -> None:
    rows = _rows("Overview", "service", "SOP class", "UID", "SCU", "SCP")
    served = {row["UID"] for row in rows if row["SCP"] == "yes"} - {"see there"}
    assert served == set(_contexts()) - set(storage_sop_classes())


def test_the_storage_sop_classes_are_all_that_are_accepted_and_no_other() -> None:
    rows = _rows("Storage SOP classes", "SOP class", "UID")
    listed = [row["UID"] for row in rows]
    assert sorted(listed) == sorted(storage_sop_classes())
    for row in rows:
        name = UID(row["UID"]).name
        assert row["SOP class"] == name or name == row["UID"], "pydicom knows it by another name"
        assert row["SOP class"].endswith("Storage") or " Storage - " in row["SOP class"]


def test_every_storage_sop_class_is_accepted_in_each_syntax_in_the_order_of_the_page() -> None:
    rows = _rows("Storage transfer syntaxes", "transfer syntax", "UID")
    listed = [row["UID"] for row in rows]
    contexts = _contexts()
    assert {tuple(contexts[each]) for each in storage_sop_classes()} == {tuple(listed)}
    assert [row["transfer syntax"] for row in rows] == [UID(uid).name for uid in listed]


def test_the_other_services_come_in_the_syntaxes_of_the_page() -> None:
    rows = _rows("Transfer syntaxes of the other services", "transfer syntax", "UID")
    listed = [row["UID"] for row in rows]
    assert _contexts()[Verification] == _contexts()[StorageCommitmentPushModel] == listed
    assert [row["transfer syntax"] for row in rows] == [UID(uid).name for uid in listed]


def test_statuses() -> None:
    rows = _rows("C-STORE statuses", "status", "name", "meaning", "the sender should")
    assert [(int(row["status"], 0), row["name"]) for row in rows] == _named(Status)
    assert all(row["meaning"] and row["the sender should"] for row in rows)
    assert not [each for each in Status if each & 0xF000 == 0xB000], (
        "the page says that there are no warnings"
    )


def test_statuses_of_storage_commitment() -> None:
    assert _codes("N-ACTION statuses", "status", "name", "when") == _named(ActionStatus)
    assert _codes("Event types", "event type", "name", "contents") == _named(EventType)
    assert _codes("Failure reasons", "reason", "name", "when") == _named(FailureReason)
    assert request.WELL_KNOWN_INSTANCE_UID in read(PAGE)
    assert f"Action Type {request.REQUEST_STORAGE_COMMITMENT} on" in read(PAGE)


def test_attributes_that_are_required() -> None:
    rows = _rows("Attributes required", "attribute", "tag", "used for")
    tags = {int(row["tag"].strip("()").replace(",", ""), 16) for row in rows}
    assert tags == set(header.WANTED)
    assert {row["attribute"].replace(" ", "") for row in rows} == set(header.WANTED.values())


def test_limits_that_have_a_setting_have_its_default() -> None:
    for row in _rows("Limits", "limit", "value", "setting"):
        for setting in in_backticks(row["setting"]):
            section, key = re.fullmatch(r"\[(\w+)\] (\w+)", setting).groups()  # type: ignore[union-attr]
            assert float(row["value"]) == float(getattr(getattr(Settings(), section), key)), setting


def test_limits_that_have_none_are_those_of_the_code() -> None:
    rows = _rows("Limits", "limit", "value", "setting")
    fixed = [float(row["value"]) for row in rows if not in_backticks(row["setting"])]
    assert fixed == [float(each) for each in LIMITS_WITHOUT_SETTING]


def test_associations() -> None:
    shown = _properties("Associations")
    assert shown["Maximum PDU length, as acceptor"] == str(server.LARGEST_PDU_BYTES)
    assert shown["Maximum PDU length, as requestor"] == str(DEFAULT_MAX_LENGTH)
    assert shown["Implementation Class UID, on associations"] == pynetdicom.PYNETDICOM_IMPLEMENTATION_UID
    assert (
        shown["Implementation Version Name, on associations"] == pynetdicom.PYNETDICOM_IMPLEMENTATION_VERSION
    )
    assert shown["Implementation Class UID, in files"] == file_meta.IMPLEMENTATION_CLASS_UID
    assert shown["Implementation Version Name, in files"] == file_meta.IMPLEMENTATION_VERSION_NAME


def test_rejections_are_those_of_admission() -> None:
    rows = _rows("Association acceptance", "result", "source", "reason", "when")
    shown = {(int(row["result"]), int(row["source"]), int(row["reason"])) for row in rows}
    user = (admission.REJECTED_PERMANENT, admission.SERVICE_USER)
    assert shown == {
        (*user, admission.CALLED_AE_TITLE_NOT_RECOGNIZED),
        (*user, admission.CALLING_AE_TITLE_NOT_RECOGNIZED),
        (*user, admission.NO_REASON_GIVEN),
        (
            admission.REJECTED_TRANSIENT,
            admission.SERVICE_PROVIDER_PRESENTATION,
            admission.LOCAL_LIMIT_EXCEEDED,
        ),
    }


def test_results_are_what_the_encoder_makes() -> None:
    """By the classes of highdicom it calls: whoever makes another kind of result must say so on the page."""
    called = {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for path in (ROOT / "inference/encode").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for part in ast.walk(node.func)
        if isinstance(part, ast.Attribute | ast.Name)
    }
    made = {uid for name, uid in RESULT_CLASSES.items() if name in called}
    # highdicom makes a Segmentation of either class, by its form.
    made |= {LabelMapSegmentationStorage} if "LABELMAP" in get_args(Form) else set()
    rows = _rows("Results", "SOP class", "UID", "contents")
    assert {row["UID"] for row in rows} == made
    names = {LabelMapSegmentationStorage: "Label Map Segmentation Storage"}  # of 2024, not in pydicom yet
    assert [row["SOP class"] for row in rows] == [names.get(row["UID"], UID(row["UID"]).name) for row in rows]


def test_results_are_proposed_in_the_syntaxes_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    proposed: list[Any] = []

    @contextmanager
    def associate(_: Destination, contexts: Any, *, calling_ae_title: str) -> Any:
        proposed.extend(contexts)
        yield None

    monkeypatch.setattr(storage, "associate", associate)
    pacs = Destination(name="pacs", ae_title="PACS", host="127.0.0.1", port=1)
    rows = _rows("Results", "SOP class", "UID", "contents")
    files = [(row["UID"], ROOT / "no such file") for row in rows]
    assert all("cannot be read" in str(each) for each in storage.store(pacs, files, calling_ae_title="NODE"))
    listed = [row["UID"] for row in _rows("Proposed transfer syntaxes", "transfer syntax", "UID")]
    assert sorted(str(each.abstract_syntax) for each in proposed) == sorted(row["UID"] for row in rows)
    assert {tuple(map(str, each.transfer_syntax)) for each in proposed} == {tuple(listed)}


def test_compressions_are_those_of_the_settings_and_the_encoder() -> None:
    rows = _rows("Proposed transfer syntaxes", "compression", "UID")
    assert {row["compression"]: row["UID"] for row in rows} == {
        name: str(uid) for name, uid in TRANSFER_SYNTAXES.items() if uid not in storage.PLAIN
    }


def test_answers_of_destinations() -> None:
    rows = _rows("Answers of destinations", "status", "taken", "then")
    for row in rows:
        assert storage._is_taken(int(row["status"], 0)) == (row["taken"] == "yes"), row["status"]
    assert all(map(storage._is_taken, range(0xB000, 0xC000)))
    taken = {each for each in range(0x10000) if storage._is_taken(each)} - set(range(0xB000, 0xC000))
    assert taken == {int(row["status"], 0) for row in rows if row["taken"] == "yes"} - {0xB000}


def test_tls() -> None:
    shown = _properties("TLS")
    assert shown["default port"] == str(TlsSettings.model_fields["port"].default)
    assert shown["peers must show a certificate"].startswith("yes")
    assert TlsSettings.model_fields["mutual"].default is True
    source = (ROOT / "dicom_node/scp/tls.py").read_text("utf-8")
    assert f"minimum_version = ssl.TLSVersion.{shown['lowest version'].replace('.', '_')}" in source
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(CIPHERS_OF_TLS_1_2)
    ours = {str(each["name"]) for each in context.get_ciphers() if each["protocol"] == "TLSv1.2"}
    assert {row["cipher suite of TLS 1.2"] for row in _rows("TLS", "cipher suite of TLS 1.2")} == ours


def test_user_identity() -> None:
    assert f"(types {min(_KINDS)} to {max(_KINDS)})" in read(PAGE)


def test_what_is_said_not_to_be_there_is_not() -> None:
    """The page says that destinations are not asked for commitment, and results go without TLS."""
    delivery = "".join(path.read_text("utf-8") for path in (ROOT / "dicom_node/delivery").glob("*.py"))
    assert "StorageCommitment" not in delivery
    assert "tls_args" not in delivery
    assert not list(Path(ROOT / "dicom_node/delivery").glob("stow*.py"))
