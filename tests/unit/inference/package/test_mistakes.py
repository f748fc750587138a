import tomllib
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from inference.package.declared import Concept, Declared
from inference.package.input import Input
from inference.package.mistakes import mistakes_in, with_lines


class Round(Declared):
    step: Literal["round"]
    radius: Annotated[float, Field(ge=1)]


class Square(Declared):
    step: Literal["square"]
    side: int


class Table(Declared):
    kind: Literal["one", "two", "three"] = "one"
    concept: Concept = "SCT.Lung"
    shape: list[Annotated[Round | Square, Field(discriminator="step")]] = Field(default_factory=list)


class Root(Declared):
    table: Table = Table()
    input: Input | None = None


def _told(text: str) -> list[str]:
    tables = tomllib.loads(text)
    try:
        Root.model_validate(tables)
    except ValidationError as error:
        return with_lines(mistakes_in(error, tables, Root), text)
    raise AssertionError("no mistake was found")


def test_an_unknown_key_is_told_with_those_known_and_the_nearest():
    assert _told("[table]\n\nkinds = 1") == [
        "line 3: [table.kinds] is no key here; known are concept, kind, shape; did you mean 'kind'?"
    ]


def test_a_word_is_told_with_those_allowed_and_the_nearest():
    assert _told("[table]\nkind = 'tree'") == [
        "line 2: [table.kind] is 'tree', but must be one or two or three; did you mean 'three'?"
    ]


def test_an_unknown_step_is_told_at_its_own_line():
    assert _told("[[table.shape]]\nside = 1\nstep = 'sqare'") == [
        "line 3: [table.shape.0.step] is 'sqare', but must be round or square; did you mean 'square'?"
    ]


def test_a_step_without_its_name_is_told():
    assert _told("[[table.shape]]\nside = 1") == ["line 1: [table.shape.0] has no key 'step'"]


def test_the_keys_of_a_step_are_its_own():
    assert _told("[[table.shape]]\nstep = 'round'\nradius = 2\nside = 1") == [
        "line 4: [table.shape.0.side] is no key here; known are radius, step"
    ]


def test_the_keys_of_limits_and_codes_are_their_own():
    assert _told("[input]\neach='series'\nRows = { at_leest = 1 }\n[table]\nconcept = { valu = 'x' }")[0] == (
        "line 3: [input.Rows.at_leest] is no key here; known are at_least, at_most; did you mean 'at_least'?"
    )
    told = _told("[table]\nconcept = { valu = 'x' }")
    assert told[0] == "line 2: [table.concept.value] is missing"
    assert "did you mean 'value'?" in told[-1]


def test_what_is_missing_is_told_at_its_table():
    assert _told("[[table.shape]]\nstep = 'round'") == ["line 1: [table.shape.0.radius] is missing"]


def test_a_number_out_of_its_limits_is_told_in_words():
    assert _told("[[table.shape]]\nstep = 'round'\nradius = 0") == [
        "line 3: [table.shape.0.radius] should be greater than or equal to 1"
    ]


def test_all_are_told_in_the_order_of_their_lines():
    told = _told("[table]\nkind = 'four'\nconcept = 'SCT.Lungg'\nmore = 1\n[other]")
    assert [line.split(":")[0] for line in told] == ["line 2", "line 3", "line 4", "line 5"]
    assert "did you mean 'SCT.Lung'" in told[1]


def test_single_brackets_where_there_may_be_several_tables_are_told_with_what_to_write():
    assert _told("[table.shape]\nstep = 'round'\nradius = 2") == [
        "line 1: [table.shape] is one table, but there may be several; write [[table.shape]] over each"
    ]


def test_a_table_of_the_wrong_kind_is_told():
    assert _told("table = 3")[0].startswith("line 1: [table] should be")
