"""A task that a small network learns in seconds: bright discs in noise."""

import numpy as np
import tensorflow as tf

from inference.train.augment.tables import Flip, Noise
from inference.train.batches import Drawing, batches
from inference.train.case import Example, Mask
from inference.train.learn.segmentation import SegmentationLesson
from inference.train.losses.loss import loss_of
from inference.train.losses.tables import CombinationTable, CrossEntropyTable, DiceTable
from inference.train.sampling.tables import SamplingTable
from inference.zoo.unet import unet

SIDE = 32
LOSS = CombinationTable(
    kind="combination", parts=(DiceTable(kind="dice"), CrossEntropyTable(kind="cross_entropy"))
)


def discs(count, seed):
    """Examples of SIDE x SIDE, the disc being the first segment and what is around it the second."""
    rng = np.random.default_rng(seed)
    return [_disc(rng) for _ in range(count)]


def _disc(rng):
    down, across = np.mgrid[:SIDE, :SIDE]
    centre = rng.uniform(10, 22, 2)
    mask = (np.hypot(down - centre[0], across - centre[1]) <= 7).astype(np.uint8)
    values = np.clip(0.15 + 0.6 * mask + rng.normal(0, 0.05, mask.shape), 0, 1).astype(np.float32)
    return Example(values=values, truth=Mask(segments=np.stack([mask, 1 - mask], axis=-1)))


def lesson(manifest, *, dropout=0.0):
    """With ``dropout`` there is chance in the network and in the loss, as a detector's sampling has it."""
    network = unet(rows=SIDE, columns=SIDE, classes=2, base=4, depth=2, dropout=dropout)
    loss = loss_of(LOSS)
    return SegmentationLesson(network, manifest, _chancy(loss) if dropout else loss)


def _chancy(loss):
    return lambda targets, given: loss(targets, given) * (0.5 + tf.random.uniform(()))


def drawn(examples, seed=0):
    drawing = Drawing(
        sampling=SamplingTable(batch=4), augment=(Flip(step="flip"), Noise(step="noise", most=0.02))
    )
    return lambda epoch: batches(examples, drawing, seed, epoch)
