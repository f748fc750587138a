import numpy as np
import pytest

from inference.errors import PredictionFailed
from inference.package.prediction import Io, Predict
from inference.predict.predictor import PackagePredictor

PLANES = Io(input="image", input_rank=4, output="p", output_rank=4)
VOLUMES = Io(input="image", input_rank=5, output="p", output_rank=5)
VECTOR = Io(input="image", input_rank=4, output="p", output_rank=2)
BOXES = Io(input="image", input_rank=4, detection={"boxes": "b", "scores": "s", "classes": "c"})


class Network:
    """Gives ``answer(batch)``, and remembers the shapes it was called with."""

    def __init__(self, answer):
        self.answer, self.shapes = answer, []

    def __call__(self, batch):
        self.shapes.append(batch.shape)
        return {"p": self.answer(batch)}


def _predictor(io, *answers, **predict):
    return PackagePredictor(
        [Network(answer) for answer in answers], io=io, predict=Predict(**predict), device="CPU"
    )


def _two_channels(batch):
    return np.concatenate([batch, 1 - batch], axis=-1)


def _gathered(predictor, values, **more):
    found = []
    predictor.by_slab(values, lambda first, maps: found.append((first, maps.copy())), **more)
    assert [first for first, _ in found] == list(np.cumsum([0, *[len(maps) for _, maps in found[:-1]]]))
    return np.concatenate([maps for _, maps in found])


IMAGE = np.random.default_rng(0).random((12, 16), np.float32)
STACK = np.random.default_rng(1).random((9, 12, 16), np.float32)


def test_an_image_is_given_whole():
    network = Network(_two_channels)
    predictor = PackagePredictor([network], io=PLANES, predict=Predict(), device="GPU 0 (of some make)")
    maps = predictor(IMAGE)
    assert network.shapes == [(1, 12, 16, 1)]
    assert maps.tobytes() == _two_channels(IMAGE[..., np.newaxis]).tobytes()
    assert (predictor.members, predictor.device) == (1, "GPU 0 (of some make)")


def test_an_image_with_a_patch_is_given_in_windows():
    network = Network(_two_channels)
    predictor = PackagePredictor(
        [network], io=PLANES, predict=Predict(patch=(1, 8, 8), batch=3), device="CPU"
    )
    assert predictor(IMAGE) == pytest.approx(_two_channels(IMAGE[..., np.newaxis]), abs=1e-6)
    assert set(network.shapes) == {(3, 8, 8, 1)}


def test_members_are_averaged_and_told_apart():
    predictor = _predictor(
        PLANES, _two_channels, lambda batch: np.zeros((*batch.shape[:-1], 2), np.float32), members=2
    )
    first, second = predictor.each_member(IMAGE)
    assert (first[..., 0] == IMAGE).all()
    assert (second == 0).all()
    assert predictor(IMAGE)[..., 0] == pytest.approx(IMAGE / 2)


@pytest.mark.parametrize("predict", [{}, {"patch": (1, 8, 8)}])
def test_the_temperature_belongs_to_the_mean(predict):
    predictor = _predictor(
        PLANES,
        lambda batch: np.full((*batch.shape[:-1], 1), 0.9, np.float32),
        lambda batch: np.full((*batch.shape[:-1], 1), 0.7, np.float32),
        members=2,
        temperature=2.0,
        **predict,
    )
    assert predictor.each_member(IMAGE)[0] == pytest.approx(0.9)
    assert predictor(IMAGE) == pytest.approx(2 / 3, abs=1e-4)  # sigmoid(log(4) / 2)


def test_a_stack_goes_through_a_network_on_planes_a_batch_at_a_time():
    network = Network(_two_channels)
    predictor = PackagePredictor([network], io=PLANES, predict=Predict(batch=4), device="CPU")
    assert (_gathered(predictor, STACK) == _two_channels(STACK[..., np.newaxis])).all()
    assert network.shapes == [(4, 12, 16, 1)] * 3


@pytest.mark.parametrize("flips", [(), ("slices", "columns")])
@pytest.mark.parametrize("shape", [(9, 12, 16), (2, 3, 30)])
def test_a_stack_goes_through_a_network_on_volumes_in_windows(shape, flips):
    network = Network(_two_channels)
    values = np.random.default_rng(2).random(shape, np.float32)
    predict = Predict(patch=(4, 6, 8), batch=2, test_time_flips=flips)
    predictor = PackagePredictor([network], io=VOLUMES, predict=predict, device="CPU")
    assert _gathered(predictor, values) == pytest.approx(_two_channels(values[..., np.newaxis]), abs=1e-6)
    assert set(network.shapes) == {(2, 4, 6, 8, 1)}


def test_a_stack_through_several_members_is_their_mean_with_and_without_telling_them_apart():
    def half(batch):
        return _two_channels(batch) / 2

    predictor = _predictor(VOLUMES, _two_channels, half, patch=(4, 6, 8), members=2, temperature=1.5)
    apart = []
    told = _gathered(
        predictor, STACK, on_members=lambda first, each: apart.append((first, [maps.copy() for maps in each]))
    )
    untold = _gathered(predictor, STACK)
    assert told == pytest.approx(untold, abs=1e-6)
    assert np.concatenate([each[0] for _, each in apart]) == pytest.approx(
        _two_channels(STACK[..., np.newaxis]), abs=1e-6
    )
    assert np.concatenate([each[1] for _, each in apart]) == pytest.approx(
        half(STACK[..., np.newaxis]), abs=1e-6
    )


def test_one_member_that_fails_within_a_stack_fails_the_whole():
    calls = []

    def fails_later(batch):
        calls.append(1)
        if len(calls) == 2:
            raise PredictionFailed("the network could not be run")
        return _two_channels(batch)

    predictor = _predictor(PLANES, _two_channels, fails_later, members=2)
    with pytest.raises(PredictionFailed):
        predictor.by_slab(STACK, lambda *_: None)


def test_a_class_has_its_probability():
    answers = [np.array([[0.2, 0.7]], np.float32), np.array([[0.4, 0.9]], np.float32)]
    predictor = _predictor(VECTOR, *[lambda _, answer=answer: answer.copy() for answer in answers], members=2)
    assert predictor.classify(IMAGE) == pytest.approx(np.array([0.3, 0.8]))


def test_the_probabilities_of_classes_are_calibrated():
    predictor = _predictor(
        VECTOR, lambda _: np.array([[0.5, 0.4, 0.1]], np.float32), temperature=2.0, activation="softmax"
    )
    roots = np.sqrt([0.5, 0.4, 0.1])
    assert predictor.classify(IMAGE) == pytest.approx(roots / roots.sum(), abs=1e-6)


def test_a_whole_volume_can_be_classified():
    io = Io(input="image", input_rank=5, output="p", output_rank=2)
    network = Network(lambda batch: batch.mean(axis=(1, 2, 3)))
    predictor = PackagePredictor([network], io=io, predict=Predict(), device="CPU")
    assert predictor.classify(STACK) == pytest.approx(STACK.mean(), abs=1e-5)
    assert network.shapes == [(1, 9, 12, 16, 1)]


def test_boxes_have_calibrated_scores():
    def answers(batch):
        assert batch.shape == (1, 12, 16, 1)
        return {
            "b": np.array([[[1, 2, 3, 4]]], np.float32),
            "s": np.array([[0.8]], np.float32),
            "c": np.array([[3]], np.int32),
        }

    predictor = PackagePredictor([answers], io=BOXES, predict=Predict(temperature=2.0), device="CPU")
    found = predictor.detect(IMAGE)
    assert found["boxes"].tolist() == [[1, 2, 3, 4]]
    assert found["scores"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["classes"].tolist() == [3]


def test_maps_on_another_grid_fail_by_name():
    smaller = _predictor(PLANES, lambda batch: batch[:, ::2])
    with pytest.raises(
        PredictionFailed, match=r"a map of shape \(1, 6, 16, 1\), expected \(1, 12, 16, any\)"
    ):
        smaller(IMAGE)
    with pytest.raises(PredictionFailed, match=r"a map of shape \(4, 6, 16, 1\)"):
        smaller.by_slab(STACK, lambda *_: None)


def test_members_that_give_different_classes_fail_by_name():
    predictor = _predictor(PLANES, _two_channels, lambda batch: batch * 1, members=2)
    for ask in (predictor, lambda image: predictor.by_slab(image[np.newaxis], lambda *_: None)):
        with pytest.raises(
            PredictionFailed, match=r"for one of its members an answer of shape .* 1\), expected"
        ):
            ask(IMAGE)


@pytest.mark.parametrize(
    ("io", "ask"),
    [
        (VECTOR, lambda predictor: predictor(IMAGE)),
        (VECTOR, lambda predictor: predictor.by_slab(STACK, lambda *_: None)),
        (PLANES, lambda predictor: predictor.classify(IMAGE)),
        (PLANES, lambda predictor: predictor.detect(IMAGE)),
    ],
)
def test_a_question_the_package_is_not_made_for_fails_by_name(io, ask):
    with pytest.raises(PredictionFailed, match=f"is for {io.task}; it cannot be asked for"):
        ask(_predictor(io, _two_channels))
