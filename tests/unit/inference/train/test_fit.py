import keras
import numpy as np

from inference.train.fit import Plan, fit
from inference.zoo.unet import unet

SIDE = 32


def pairs(count, seed):
    """Noise with a bright disc, which is the mask."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE]
    made = []
    for _ in range(count):
        centre = rng.uniform(10, 22, 2)
        mask = (np.hypot(down - centre[0], across - centre[1]) <= 7).astype(np.float32)
        image = np.clip(0.15 + 0.6 * mask + rng.normal(0, 0.05, mask.shape), 0, 1).astype(np.float32)
        made.append((image, mask))
    return made


def test_a_small_network_learns_and_ends_with_its_best_weights(tmp_path):
    keras.utils.set_random_seed(0)
    network = unet(rows=SIDE, columns=SIDE, base=4, depth=2)
    plan = Plan(epochs=3, steps=40, batch=4, learning_rate=1e-2, averaging=0.9)
    weights = tmp_path / "best.weights.h5"
    best = fit(network, pairs(6, 1), pairs(3, 2), plan, weights)
    assert best > 0.8
    kept = network.get_weights()
    network.load_weights(weights)
    for value, again in zip(kept, network.get_weights(), strict=True):
        np.testing.assert_array_equal(value, again)
