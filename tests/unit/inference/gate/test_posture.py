import numpy as np
import pytest

from inference.gate.posture import reasons_of_posture

AFFINE = np.array([[0, 0, 2.0, 0], [0, 2.0, 0, 0], [3.0, 0, 0, 0], [0, 0, 0, 1]])
"""Slices towards the head, rows towards posterior, columns towards left; a field of 320 x 400 mm."""


def _trunk(*, table=True, bone=True):
    """(40, 160, 200) HU: an ellipse of tissue with a spine behind, above a table that is no part of it."""
    row, column = np.mgrid[0:160, 0:200]
    plane = np.full((160, 200), -1000, np.float32)
    plane[((row - 70) / 50) ** 2 + ((column - 100) / 80) ** 2 < 1] = 40
    if bone:
        plane[(row - 98) ** 2 + (column - 100) ** 2 < 150] = 600
    if table:
        plane[130:134, 30:170] = 100
    return np.repeat(plane[None], 40, axis=0)


def test_a_patient_on_the_table_gives_no_reason():
    for position in ("HFS", "FFS", "HFDR", "", "XX"):
        assert reasons_of_posture(_trunk(), AFFINE, position) == ()


@pytest.mark.parametrize("turn", [np.s_[:, ::-1], np.s_[:, ::-1, ::-1]])
def test_upside_down_shows_by_spine_and_table(turn):
    bone, table = reasons_of_posture(_trunk()[turn], AFFINE, "HFS")
    assert "bone lies in front" in bone
    assert table == "the table lies in front of the patient, against the Patient Position HFS"


def test_a_wrong_affine_shows_the_same():
    assert len(reasons_of_posture(_trunk(), AFFINE * [1, -1, 1, 1], "HFS")) == 2


def test_a_prone_patient_has_the_table_in_front_and_the_spine_behind():
    prone = _trunk(table=False)
    prone[:, 8:12, 30:170] = 100
    assert reasons_of_posture(prone, AFFINE, "HFP") == ()
    (told,) = reasons_of_posture(_trunk(), AFFINE, "HFP")
    assert told == "the table lies behind the patient, against the Patient Position HFP"


def test_each_sign_stands_for_itself():
    assert len(reasons_of_posture(_trunk(table=False)[:, ::-1], AFFINE, "HFS")) == 1
    assert len(reasons_of_posture(_trunk(bone=False)[:, ::-1], AFFINE, "HFS")) == 1
    assert reasons_of_posture(_trunk(table=False, bone=False)[:, ::-1], AFFINE, "HFS") == ()


def test_the_face_of_a_head_is_no_spine():
    assert reasons_of_posture(_trunk(table=False)[:, ::-1], AFFINE * [0.5, 0.5, 0.5, 1], "HFS") == ()


def test_left_for_right_is_not_judged():
    assert reasons_of_posture(_trunk()[:, :, ::-1], AFFINE, "HFS") == ()


def test_air_alone_says_nothing():
    assert reasons_of_posture(np.full((4, 50, 50), -1000, np.float32), AFFINE, "HFS") == ()
