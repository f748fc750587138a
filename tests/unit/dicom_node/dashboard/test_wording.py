import pytest

from dicom_node.dashboard import wording


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-0.2, "0.0 s"),
        (0.44, "0.4 s"),
        (12.4, "12 s"),
        (59.6, "1 min"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
        (86_400, "1 d"),
        (266_400, "3 d 2 h"),
    ],
)
def test_a_duration_is_told_in_the_two_units_that_matter(seconds: float, words: str) -> None:
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 s"), (4.4, "4 s"), (119, "1 min"), (7300, "2 h"), (900_000, "10 d")]
)
def test_an_age_is_told_in_one_unit(seconds: float, words: str) -> None:
    assert wording.age(seconds) == words


def test_nouns_and_verbs_agree_with_their_number() -> None:
    assert wording.counted(1, "analysis", "analyses") == "1 analysis"
    assert wording.counted(0, "analysis", "analyses") == "0 analyses"
    assert wording.counted(2, "result") == "2 results"
    assert wording.verb(1, "waits", "wait") == "waits"


def test_a_long_uid_keeps_its_ends() -> None:
    uid = "1.2.826.0.1.3680043.8.498.1002003004005006001"
    assert wording.short_uid(uid) == "1.2.826.0…4005006001"
    assert wording.short_uid("1.2.840.10008.1.1") == "1.2.840.10008.1.1"


def test_times_name_the_moment_and_the_zone() -> None:
    at = 1_772_366_400.25
    assert wording.machine_time(at) == "2026-03-01T12:00:00.250+00:00"
    assert wording.clock_time(at).startswith("2026-0")
    assert wording.zone_name(at)[:4] in ("UTC+", "UTC-")


def test_backticks_become_code_and_the_rest_is_escaped() -> None:
    shown = wording.with_commands("start `dicom-node work`, not <script>`<b>`")
    assert shown == "start <code>dicom-node work</code>, not &lt;script&gt;<code>&lt;b&gt;</code>"


def test_a_reason_ends_as_a_sentence_once() -> None:
    assert wording.sentence(" connection refused ") == "connection refused."
    assert wording.sentence("is it on?") == "is it on?"


def test_a_note_is_told_in_words() -> None:
    assert wording.note({"Lungs": 0.97339, "heart": 1}) == "Lungs 0.973, heart 1"
    assert wording.note(["too dark", "cut off"]) == "too dark; cut off"
    assert wording.note("accepted") == "accepted"
    assert wording.note([]) == ""


def test_sizes_are_told_to_the_last_byte() -> None:
    assert wording.size(525_312) == "525,312 bytes"
