import numpy as np

from inference.encode.legend import Entry, with_legend

PICTURE = np.full((50, 800, 3), 7, np.uint8)


def _below(shown):
    return shown[len(PICTURE) :]


def test_the_picture_stays_as_it_is():
    shown = with_legend(PICTURE, [Entry(text="words")])
    assert np.array_equal(shown[: len(PICTURE)], PICTURE)
    assert shown.dtype == np.uint8
    assert shown.shape[1:] == (800, 3)


def test_words_are_white_on_black_and_colours_are_squares():
    below = _below(with_legend(PICTURE, [Entry(text="words", colour=(200, 10, 20)), Entry(text="more")]))
    square = (below == (200, 10, 20)).all(axis=-1)
    assert square.sum() >= 10 * 10
    assert (below == 255).all(axis=-1).any()
    assert np.count_nonzero(np.nonzero(square)[1] > 40) == 0


def test_other_words_look_otherwise():
    one, other = (with_legend(PICTURE, [Entry(text=text)]) for text in ("Liver: 12 mL", "Liver: 13 mL"))
    assert one.shape == other.shape
    assert not np.array_equal(one, other)


def test_a_long_sentence_is_broken_and_nothing_of_it_lost():
    short = _below(with_legend(PICTURE, [Entry(text="one two")]))
    long = _below(with_legend(PICTURE, [Entry(text="word " * 100)]))
    assert len(long) > 3 * len(short)
    last_columns = long[:, -5:]
    assert not last_columns.any()


def test_too_many_lines_are_counted():
    entries = [Entry(text=f"finding {number}") for number in range(60)]
    few, many = with_legend(PICTURE, entries[:40]), with_legend(PICTURE, entries)
    assert few.shape == many.shape
    assert not np.array_equal(few, many)


def test_a_narrow_picture_has_room_for_words_beside_it():
    shown = with_legend(PICTURE[:, :100], [Entry(text="words")])
    assert shown.shape[1] == 640
    assert not shown[:50, 100:].any()


def test_a_word_longer_than_the_line_is_not_waited_for():
    assert with_legend(PICTURE, [Entry(text="x" * 500)]).shape[1] == 800
