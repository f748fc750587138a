import re

import pytest

from inference.encode.identity import derived_uid, device_uid, identity_of, software_version


def test_a_uid_is_one_of_the_standard():
    uid = derived_uid("a", "b")
    assert re.fullmatch(r"2\.25\.[1-9]\d{0,38}", uid)
    assert len(uid) <= 64


def test_the_same_parts_give_the_same_uid_for_ever():
    # Written down: were this number to change, every result would be sent again under another name.
    assert derived_uid("study", "instance") == "2.25.163120630300668989677238472949388675294"


def test_parts_are_kept_apart():
    assert derived_uid("a", "b") != derived_uid("ab")
    assert derived_uid("a", "b") != derived_uid("b", "a")


def test_made_from_the_same_it_is_the_same(analysed):
    assert identity_of(analysed()) == identity_of(analysed(PatientName="Other", now=analysed().now))


@pytest.mark.parametrize(
    "change", [{"StudyInstanceUID": "2.25.77"}, {"SOPInstanceUID": "2.25.77"}, {"digest": "cd" * 32}]
)
def test_made_from_another_it_is_another(analysed, change):
    assert identity_of(analysed(**change)).sop_instance_uid("SEG") != identity_of(
        analysed()
    ).sop_instance_uid("SEG")


def test_another_software_makes_another_instance(analysed, monkeypatch):
    before = identity_of(analysed())
    monkeypatch.setattr("inference.encode.identity.version", lambda name: "99.0")
    assert identity_of(analysed()) != before
    assert software_version() == "99.0"


def test_no_two_purposes_share_a_uid(analysed):
    identity = identity_of(analysed())
    uids = {
        identity.series_instance_uid("SEG"),
        identity.sop_instance_uid("SEG"),
        identity.series_instance_uid("SR"),
        identity.sop_instance_uid("SR"),
        identity.other_uid("SEG", "tracking"),
        device_uid(analysed()),
    }
    assert len(uids) == 6


def test_the_device_is_the_same_for_every_study(analysed):
    assert device_uid(analysed(StudyInstanceUID="2.25.77")) == device_uid(analysed())
    assert device_uid(analysed(digest="cd" * 32)) != device_uid(analysed())
