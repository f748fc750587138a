import tomllib

import pytest

from inference.package import location
from inference.package.location import line_of, lines_of

TEXT = '''# a comment
[model]
name = "x"   # [not.a.table]
text = """
[also.none]
key = 1
"""

[[output.segment]]
label = "a"
[[output.segment]]
label = "b"
colours = [
  1,
  { deep = 2 },
]
[output.segment.inner]
last = 3
[input]
Rows = { at_least = 2 }
a.b.c = 4
"quoted key" = 5
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("model",), 2),
        (("model", "name"), 3),
        (("model", "text"), 4),
        (("output",), 9),
        (("output", "segment"), 9),
        (("output", "segment", 0), 9),
        (("output", "segment", 0, "label"), 10),
        (("output", "segment", 1), 11),
        (("output", "segment", 1, "label"), 12),
        (("output", "segment", 1, "colours"), 13),
        (("output", "segment", 1, "colours", 1, "deep"), 13),
        (("output", "segment", 1, "inner", "last"), 18),
        (("input", "Rows", "at_least"), 20),
        (("input", "a", "b", "c"), 21),
        (("input", "quoted key"), 22),
    ],
)
def test_every_key_has_its_line(path, line):
    assert lines_of(TEXT)[path] == line


def test_every_key_that_toml_knows_is_found():
    def paths(value, path=()):
        inside = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, below in inside:
            yield (*path, key)
            yield from paths(below, (*path, key))

    assert set(lines_of(TEXT)) == set(paths(tomllib.loads(TEXT)))


def test_lines_that_end_as_in_windows_count_the_same():
    assert lines_of(TEXT.replace("\n", "\r\n")) == lines_of(TEXT)


def test_what_is_missing_has_the_line_of_its_table():
    lines = lines_of(TEXT)
    assert line_of(("output", "segment", 1, "type"), lines) == 11
    assert line_of(("gate", "rows"), lines) is None


def test_an_endless_statement_ends_the_search(monkeypatch):
    monkeypatch.setattr(location, "MOST_CHARACTERS_READ", 1000)
    lines = lines_of("a = 1\nb = [\n" + "1,\n" * 100_000 + "]\nc = 1\n")
    assert lines == {("a",): 1}
