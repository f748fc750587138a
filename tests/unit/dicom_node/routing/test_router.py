from pathlib import Path

import pytest

from dicom_node.events import Event
from dicom_node.ledger.schema import analysis, decision, event, study
from dicom_node.routing import router
from dicom_node.routing.packages import Package, find_packages
from dicom_node.routing.router import route_complete_studies
from tests.unit.dicom_node.given import (
    MANIFEST,
    NOW,
    STUDY,
    a_data_set,
    a_file,
    a_nest,
    an_instance,
    complete_all,
    encoded,
    enter,
    events,
    row,
    rows,
)


@pytest.fixture
def received(ledger, spool):
    """Put an instance on the shelf and into the ledger, as the door does."""

    def receive(number: int = 1, *, series: int = 1, content: bytes | None = None, **elements: object) -> str:
        held = an_instance(number, series=series)
        path = a_file(spool.path(held.key), a_data_set(number, series=series, **elements))
        if content is not None:
            path.write_bytes(content)
        enter(ledger, held)
        return held.sop_instance_uid

    return receive


@pytest.fixture
def package(tmp_path):
    """A model package with ``[input]`` as given."""

    def make(
        name: str = "shades", *, each: str = "instance", on_many: str = "all", rules: str = ""
    ) -> Package:
        folder = tmp_path / "packages" / name
        folder.mkdir(parents=True)
        text = MANIFEST.replace('name = "shades"', f'name = "{name}"')
        text = text.replace('each = "instance"', f'each = "{each}"\non_many = "{on_many}"')
        if rules:
            text = text.replace('Modality = ["CR", "DX"]', rules)
        (folder / "model.toml").write_text(text, encoding="utf-8")
        found = find_packages([folder])
        assert found.mistakes == ()
        return found.usable[0]

    return make


def _route(ledger, spool, *packages: Package, now: float = NOW + 20) -> int:
    complete_all(ledger, now=NOW + 10)
    return route_complete_studies(ledger, spool, packages, now=now)


def _reasons(ledger) -> list[str | None]:
    return [each["reason_to_decline"] for each in rows(ledger, decision)]


def test_a_fitting_instance_is_ordered_and_decided(ledger, spool, received, package):
    uid = received()
    assert _route(ledger, spool, package()) == 1
    ordered = row(ledger, analysis)
    assert (ordered["model_name"], ordered["model_version"], ordered["state"]) == (
        "shades",
        "1.2.3",
        "queued",
    )
    assert (ordered["source_instance_uids"], ordered["series_instance_uid"]) == ([uid], f"{STUDY}.1")
    decided = row(ledger, decision)
    assert (decided["sop_instance_uid"], decided["reason_to_decline"]) == (uid, None)
    assert (row(ledger, study)["state"], row(ledger, study)["routed_at"]) == ("routed", NOW + 20)
    assert events(ledger)[-2:] == [Event.STUDY_ROUTED, Event.ANALYSIS_QUEUED]


def test_every_no_has_its_reason(ledger, spool, received, package):
    received(1, Modality="MR")
    received(2, Modality=None)
    assert _route(ledger, spool, package()) == 1
    assert _reasons(ledger) == [
        "Modality is MR, but must be one of CR, DX",
        "Modality is absent, but must be one of CR, DX",
    ]
    assert rows(ledger, analysis) == []
    assert row(ledger, study)["state"] == "routed"


def test_a_model_that_found_nothing_is_told_of_where_its_package_asks_for_it(
    ledger, spool, received, package
):
    received(1, Modality="MR")
    _route(ledger, spool, package("quiet"), package("told", rules='Modality = ["CR"]\non_none = "tell"'))
    (told,) = [each for each in rows(ledger, event) if each["name"] == Event.STUDY_DECLINED]
    assert (told["subject"], told["study_instance_uid"]) == ("told 1.2.3", STUDY)


def test_a_model_that_found_something_is_not(ledger, spool, received, package):
    received(1)
    _route(ledger, spool, package(rules='Modality = ["CR"]\non_none = "tell"'))
    assert Event.STUDY_DECLINED not in events(ledger)


def test_every_model_is_held_against_every_series(ledger, spool, received, package):
    received(1, series=1)
    received(1, series=2, Modality="MR")
    _route(ledger, spool, package(), package("other", rules='Modality = ["MR"]'))
    decided = {
        (each["model_name"], each["series_instance_uid"]): each["reason_to_decline"] is None
        for each in rows(ledger, decision)
    }
    assert decided == {
        ("shades", f"{STUDY}.1"): True,
        ("shades", f"{STUDY}.2"): False,
        ("other", f"{STUDY}.1"): False,
        ("other", f"{STUDY}.2"): True,
    }
    assert {each["model_name"] for each in rows(ledger, analysis)} == {"shades", "other"}


def test_routing_again_orders_nothing_twice(ledger, spool, received, package):
    received(1)
    model = package()
    _route(ledger, spool, model)
    assert _route(ledger, spool, model) == 0
    received(2)  # reopens the study
    assert _route(ledger, spool, model, now=NOW + 99) == 1
    assert sorted(each["source_instance_uids"][0] for each in rows(ledger, analysis)) == [
        f"{STUDY}.1.1",
        f"{STUDY}.1.2",
    ]
    assert len(rows(ledger, decision)) == 2
    assert {each["decided_at"] for each in rows(ledger, decision)} == {NOW + 99}


def test_a_model_of_series_gets_the_series_as_one(ledger, spool, received, package):
    uids = [received(number) for number in (2, 1, 3)]
    received(1, series=2)
    _route(ledger, spool, package(each="series"))
    sources = sorted((each["source_instance_uids"] for each in rows(ledger, analysis)), key=len)
    assert sources == [[f"{STUDY}.2.1"], sorted(uids)]
    assert {each["sop_instance_uid"] for each in rows(ledger, decision)} == {None}


def test_a_late_instance_makes_a_new_order_of_its_series(ledger, spool, received, package):
    model = package(each="series")
    received(1)
    _route(ledger, spool, model)
    received(2)
    _route(ledger, spool, model)
    assert sorted(len(each["source_instance_uids"]) for each in rows(ledger, analysis)) == [1, 2]


@pytest.mark.parametrize(
    ("on_many", "ordered", "reason"),
    [
        ("all", 3, None),
        ("first", 1, "3 of its kind fit this model, which takes the first instance only"),
        ("refuse", 0, "3 of its kind fit this model, which takes one instance only"),
    ],
)
def test_what_a_model_wants_done_with_many(ledger, spool, received, package, on_many, ordered, reason):
    received(0, Modality="MR")
    for number in (1, 2, 3):
        received(number)
    _route(ledger, spool, package(on_many=on_many))
    assert len(rows(ledger, analysis)) == ordered
    first, *others = _reasons(ledger)
    assert first == "Modality is MR, but must be one of CR, DX"
    assert others == [None] * ordered + [reason] * (3 - ordered)
    if on_many == "first":
        assert row(ledger, analysis)["source_instance_uids"] == [f"{STUDY}.1.1"]


@pytest.mark.parametrize("on_many", ["all", "first", "refuse"])
def test_one_is_not_many(ledger, spool, received, package, on_many):
    received()
    _route(ledger, spool, package(on_many=on_many))
    assert _reasons(ledger) == [None]


def _sequence_too_deep() -> bytes:
    return b"".join(encoded(a_data_set())) + a_nest(500)


UNREADABLE = {
    "no DICOM at all": b"GIF89a" * 100,
    "empty": b"",
    "nested too deep": _sequence_too_deep(),
    "cut within a length": b"".join(encoded(a_data_set())) + b"\x40\x00\x55\x05SQ\x00\x00\xff",
    "a strange value representation": b"".join(encoded(a_data_set())).replace(
        b"\x60\x00CS", b"\x60\x00C\x00"
    ),
    "a value of the wrong length": b"".join(encoded(a_data_set())).replace(b"\x60\x00CS", b"\x60\x00UL"),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_header_is_a_reason_and_hinders_no_other(ledger, spool, received, package, content):
    received(1, content=content)
    received(2)
    assert _route(ledger, spool, package()) == 1
    first, second = _reasons(ledger)
    assert first.startswith("its header cannot be read (")
    assert "Secret" not in first
    assert second is None


def test_a_file_that_is_gone_is_a_reason(ledger, spool, received, package):
    received()
    spool.remove(an_instance().key)
    _route(ledger, spool, package())
    assert _reasons(ledger) == ["its header cannot be read (FileNotFoundError)"]


def test_several_values_are_each_looked_at(ledger, spool, received, package):
    received(1, ImageType=["ORIGINAL", "PRIMARY"])
    received(2, ImageType=["DERIVED", "SECONDARY"])
    _route(ledger, spool, package(rules='ImageType = ["ORIGINAL"]'))
    assert _reasons(ledger) == [None, "ImageType is DERIVED / SECONDARY, but must be ORIGINAL"]


def test_a_number_has_limits(ledger, spool, received, package):
    received(1, Rows=64)
    received(2, Rows=512)
    _route(ledger, spool, package(rules="Rows = { at_least = 256 }"))
    assert _reasons(ledger) == ["Rows is 64, but must be at least 256", None]


def test_the_patient_stands_in_no_decision_event_or_log(ledger, spool, received, package, caplog):
    caplog.set_level("DEBUG")
    received(1, PatientSex="F", PatientAge="042Y")
    received(2, content=b"Secret^Name" * 100)
    _route(ledger, spool, package(rules='PatientSex = ["M"]\nPatientAge = ["030Y"]'))
    said = str(rows(ledger, decision)) + str(rows(ledger, event)) + caplog.text
    assert "PatientSex is not what the model was made for" in said
    for secret in ("Secret", "042Y", "SECRET"):
        assert secret not in said


def test_without_a_usable_package_a_study_waits(ledger, spool, received, package):
    received()
    assert _route(ledger, spool) == 0
    assert row(ledger, study)["state"] == "complete"
    assert _route(ledger, spool, package()) == 1


def test_a_study_that_was_reopened_meanwhile_is_not_routed(ledger, spool, received, package, monkeypatch):
    received(1)
    real = router._decide

    def late(*about):
        received(2)
        return real(*about)

    monkeypatch.setattr(router, "_decide", late)
    assert _route(ledger, spool, package()) == 0
    assert row(ledger, study)["state"] == "receiving"
    assert rows(ledger, analysis) == rows(ledger, decision) == []


def test_the_header_alone_is_read(ledger, spool, received, package):
    pixels = bytes(1 << 16)
    uid = received(1, content=b"".join(encoded(a_data_set(PixelData=pixels, BitsAllocated=8))))
    path: Path = spool.path(an_instance().key)
    path.write_bytes(path.read_bytes()[:-60_000])  # most of the pixels are gone; the header is whole
    _route(ledger, spool, package())
    assert row(ledger, analysis)["source_instance_uids"] == [uid]
