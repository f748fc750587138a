"""``[calibrate]``: one temperature, fitted on validation, that the package then carries."""

from typing import Annotated

from pydantic import Field

from inference.package.declared import Declared


class CalibrateTable(Declared):
    """``[calibrate]``: where the table is there, ``[predict] temperature`` is fitted and written (Guo et al. 2017).

    ``most_values``: how many pixels or voxels of all validation examples are looked at, evenly spread.
    """

    most_values: Annotated[int, Field(ge=100, le=10_000_000)] = 400_000
