from inference.zoo.detection.lesson import Lesson


def test_without_a_word_both_stages_learn_by_cross_entropy_from_fewer_positives_than_negatives():
    lesson = Lesson()
    assert lesson.loss == "cross_entropy"
    assert 0.0 < lesson.positive_proposals <= lesson.positive_anchors <= 0.5
