"""A linear map along one axis of a volume; the work is a matrix product, which is what one core does best."""

import numpy as np
import numpy.typing as npt

Volume = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


def along(matrix: Matrix, values: Volume, axis: int) -> Volume:
    """``matrix`` (new, old) applied to axis 0, 1 or 2 of ``values``, which becomes ``new`` long; float32."""
    if axis == 0:
        return np.asarray(matrix @ values.reshape(len(values), -1)).reshape(len(matrix), *values.shape[1:])
    return np.asarray(matrix @ values if axis == 1 else values @ matrix.T)
