import numpy as np

from inference.zoo.detection.box_head import box_head


def test_every_proposal_has_its_answers_however_many_there_are():
    head = box_head(bins=3, channels=4, hidden=8, classes=2)
    for count in (1, 7):
        said = head(np.ones((2, count, 3, 3, 4), np.float32))
        assert said["logits"].shape == (2, count, 3)
        assert said["codes"].shape == (2, count, 2, 4)


def test_proposals_do_not_see_each_other():
    head = box_head(bins=3, channels=4, hidden=8, classes=2)
    regions = np.random.default_rng(0).normal(size=(1, 5, 3, 3, 4)).astype(np.float32)
    all_of_them, one = head(regions), head(regions[:, 2:3])
    np.testing.assert_allclose(all_of_them["logits"][:, 2:3], one["logits"], atol=1e-5)
    assert np.std(all_of_them["logits"][0, :, 0]) > 0.0
