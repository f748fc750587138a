"""Which of the true boxes an anchor or a proposal is to be taught (Ren et al. 2015, section 3.1.2)."""

from dataclasses import dataclass

import tensorflow as tf

from inference.zoo.detection.overlap import area, overlaps


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From which intersection over union on a candidate shows an object, and below which it shows none."""

    positive_from: float
    negative_below: float
    """What lies between the two teaches nothing."""
    best_counts: bool
    """Whether the best candidate of each true box is positive however small the overlap, if there is any."""


ANCHORS = Rule(positive_from=0.7, negative_below=0.3, best_counts=True)
PROPOSALS = Rule(positive_from=0.5, negative_below=0.5, best_counts=False)


@dataclass(frozen=True, kw_only=True)
class Matches:
    """For each candidate, (n, candidates)."""

    truth: tf.Tensor
    """int32: the true box it is nearest to; means nothing where it is not positive."""
    positive: tf.Tensor
    """bool."""
    negative: tf.Tensor
    """bool."""


def match(candidates: tf.Tensor, boxes: tf.Tensor, present: tf.Tensor, rule: Rule) -> Matches:
    """Candidates (n, candidates, 4) against true boxes (n, most, 4), of which those ``present`` (n, most) count.

    A candidate without area, as an empty place is, is neither positive nor negative.
    """
    shared = tf.where(present[:, tf.newaxis, :], overlaps(candidates, boxes), 0.0)
    highest = tf.reduce_max(shared, axis=2)
    positive, truth = highest >= rule.positive_from, tf.argmax(shared, axis=2, output_type=tf.int32)
    if rule.best_counts:
        is_best = _is_best(shared)
        chosen = tf.reduce_any(is_best, axis=2)
        # A box that has only this candidate must get it, even if the candidate lies nearer to another box.
        alone = tf.argmax(tf.where(is_best, shared, -1.0), axis=2, output_type=tf.int32)
        truth, positive = tf.where(chosen, alone, truth), positive | chosen
    negative = ~positive & (highest < rule.negative_below) & (area(candidates) > 0.0)
    return Matches(truth=truth, positive=positive, negative=negative)


def _is_best(shared: tf.Tensor) -> tf.Tensor:
    best = tf.reduce_max(shared, axis=1, keepdims=True)
    return (shared >= best) & (shared > 0.0)
