from inference.train.evaluate.dice import dice


def test_dice_of_masks():
    assert dice([1, 1, 0, 0], [0, 1, 1, 0]) == 0.5
    assert dice([1, 0], [1, 0]) == 1.0
    assert dice([1, 0], [0, 1]) == 0.0
    assert dice([0, 0], [0, 0]) == 1.0
