import re
from pathlib import Path

import pytest

import dicom_node
from dicom_node.events import MEANING, Event
from dicom_node.ledger.schema import event as table

SOURCES = [path for path in Path(dicom_node.__file__).parent.rglob("*.py") if path.name != "events.py"]


def test_every_event_has_one_meaning():
    assert set(MEANING) == set(Event)
    assert len(set(MEANING.values())) == len(Event)


@pytest.mark.parametrize("event", Event)
def test_every_event_is_named_by_its_subject_and_said_in_a_sentence(event):
    assert re.fullmatch(r"(instance|study|analysis|result|delivery|commitment)\.[a-z]+", event)
    assert MEANING[event].endswith(".")
    assert len(event) <= table.c.name.type.length


@pytest.mark.parametrize("event", Event, ids=lambda event: event.name)
def test_every_event_is_recorded_somewhere(event):
    uses = [path for path in SOURCES if f"Event.{event.name}" in path.read_text(encoding="utf-8")]
    rooms = {path.parent.name for path in uses} - {"dashboard"}
    assert rooms, f"nobody records {event.name}"
