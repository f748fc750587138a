"""The proposals that the second stage learns from: a few of each image (Fast R-CNN, Girshick 2015, section 2.3)."""

from dataclasses import dataclass

import tensorflow as tf

from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.matching import PROPOSALS, match
from inference.zoo.detection.sampling import sample


@dataclass(frozen=True, kw_only=True)
class Pupils:
    """Proposals with what they are to be taught; (n, lesson.proposals) each, positive ones first."""

    boxes: tf.Tensor
    """(n, lesson.proposals, 4)."""
    truth: tf.Tensor
    """int32: which true box."""
    positive: tf.Tensor
    """bool."""
    chosen: tf.Tensor
    """bool: whether there is one at this place; an image may have fewer."""


def choose(proposals: tf.Tensor, boxes: tf.Tensor, present: tf.Tensor, lesson: Lesson) -> Pupils:
    """Draw from ``proposals`` (n, proposals, 4) and from the true ``boxes`` (n, most, 4) that are ``present``.

    The true boxes are proposals as well: in the beginning hardly another is positive.
    """
    candidates = tf.concat([proposals, boxes], axis=1)
    matches = match(candidates, boxes, present, PROPOSALS)
    drawn = sample(
        matches.positive,
        matches.negative,
        tf.random.uniform(tf.shape(matches.truth)),
        count=lesson.proposals,
        positive_share=lesson.positive_proposals,
    )
    rank = tf.cast(drawn, tf.float32) + tf.cast(drawn & matches.positive, tf.float32)
    places = tf.math.top_k(rank, k=min(lesson.proposals, candidates.shape[1])).indices
    return Pupils(
        boxes=tf.gather(candidates, places, batch_dims=1),
        truth=tf.gather(matches.truth, places, batch_dims=1),
        positive=tf.gather(matches.positive & drawn, places, batch_dims=1),
        chosen=tf.gather(drawn, places, batch_dims=1),
    )
