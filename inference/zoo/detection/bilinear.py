"""Values between the pixels of planes that lie behind each other in one array."""

import tensorflow as tf


def bilinear(
    flat: tf.Tensor,
    *,
    first: tf.Tensor,
    rows: tf.Tensor,
    columns: tf.Tensor,
    row: tf.Tensor,
    column: tf.Tensor,
) -> tf.Tensor:
    """Values at a grid of points for each region: (n, regions, points, points, channels).

    ``flat``: (n, pixels, channels), the planes of an image one behind the other. For each region, (n, regions)
    int32: ``first``, the place in ``flat`` where its plane begins, and the plane's ``rows`` and ``columns``. ``row``
    and ``column``: (n, regions, points), where 0 is the centre of the first pixel. Beyond the outermost centres
    the plane goes on as it is there.
    """
    low_row, high_row, row_share = _neighbours(row, rows)
    low_column, high_column, column_share = _neighbours(column, columns)
    begin, width = first[..., tf.newaxis, tf.newaxis], columns[..., tf.newaxis, tf.newaxis]

    def at(r: tf.Tensor, c: tf.Tensor) -> tf.Tensor:
        place = begin + r[..., :, tf.newaxis] * width + c[..., tf.newaxis, :]
        return tf.gather(flat, place, batch_dims=1)

    down = row_share[..., :, tf.newaxis, tf.newaxis]
    right = column_share[..., tf.newaxis, :, tf.newaxis]
    upper = at(low_row, low_column) * (1 - right) + at(low_row, high_column) * right
    lower = at(high_row, low_column) * (1 - right) + at(high_row, high_column) * right
    return upper * (1 - down) + lower * down


def _neighbours(position: tf.Tensor, length: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    last = length[..., tf.newaxis] - 1
    position = tf.clip_by_value(position, 0.0, tf.cast(last, position.dtype))
    low = tf.cast(tf.floor(position), tf.int32)
    return low, tf.minimum(low + 1, last), position - tf.cast(low, position.dtype)
