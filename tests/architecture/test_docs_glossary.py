"""docs/glossary.md: each of our words is in the file where it says it is."""

import re

import pytest

from tests.architecture.documents import ROOT, Row, bare, table

ROWS = table("docs/glossary.md", "Glossary", "word", "meaning", "where").rows


def test_one_row_a_word_in_the_order_of_the_alphabet() -> None:
    words = [row["word"] for row in ROWS]
    assert words == sorted(set(words))


@pytest.mark.parametrize("row", ROWS, ids=[row["word"] for row in ROWS])
def test_the_word_is_in_the_code(row: Row) -> None:
    text = (ROOT / bare(row["where"])).read_text(encoding="utf-8")
    # As prose, as_an_identifier or AsAClass; with the endings that verbs and plurals take.
    pattern = r"[\s_-]*".join(re.escape(part) for part in re.split(r"[ -]", row["word"]))
    assert re.search(rf"(?<![a-z]){pattern}(?![b-ce-rt-z])", text, re.IGNORECASE)
    assert row["meaning"]
