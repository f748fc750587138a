"""A package's networks with what ``[predict]`` says is done with them: the four questions they can be asked."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.errors import PredictionFailed
from inference.package.prediction import Io, Predict, Task
from inference.predict.detections import Arrays, read_detections
from inference.predict.ensemble import Ensemble, mean_of
from inference.predict.probabilities import require_shape
from inference.predict.rolling_slab import Maps, OnBlended, OnSlab
from inference.predict.saved_model import SavedModel
from inference.predict.sliding_window import slide
from inference.predict.temperature import soften
from inference.predict.windows import Position, tile

Values = npt.NDArray[np.float32]


class PackagePredictor:
    """See ``inference.predict.Predictor``, which says what each of its questions takes and gives."""

    def __init__(self, networks: Sequence[SavedModel], *, io: Io, predict: Predict, device: str) -> None:
        self.device = device
        self._networks = tuple(networks)
        self._ensemble = Ensemble(networks, io=io, predict=predict)
        self._io = io
        self._predict = predict

    @property
    def members(self) -> int:
        """How many networks answer."""
        return len(self._ensemble)

    def __call__(self, image: Values) -> Maps:
        """Probabilities (rows, columns, channels) for an image (rows, columns)."""
        return self.combine(self.each_member(image))

    def each_member(self, image: Values) -> tuple[Maps, ...]:
        """What each member gives for an image, before its mean and temperature."""
        self._require("segmentation")
        if self._predict.patch is None:
            answers = self._ensemble.each(image[np.newaxis, :, :, np.newaxis])
            for answer in answers:
                require_shape("a map", answer, (1, *image.shape, None))
            return tuple(answer[0] for answer in answers)
        kept: list[tuple[Maps, ...]] = []
        self._slide(
            image[np.newaxis],
            lambda _, layers: kept.append(tuple(layer[0].copy() for layer in layers)),
            each=True,
        )
        return kept[0]

    def combine(self, members: Sequence[Maps]) -> Maps:
        """The mean of what the members gave, calibrated, in the memory of the first."""
        maps = mean_of(members)
        soften(maps, self._predict.temperature, self._predict.activation)
        return maps

    def classify(self, values: Values) -> Values:
        """Probabilities (classes,) for an image (rows, columns) or a volume (slices, rows, columns)."""
        self._require("classification")
        answers = self._ensemble.each(values[np.newaxis, ..., np.newaxis])
        for answer in answers:
            require_shape("probabilities", answer, (1, None))
        return self.combine([answer[0] for answer in answers])

    def detect(self, image: Values) -> Arrays:
        """Boxes, scores, classes and masks of an image (rows, columns), see ``detections.read_detections``."""
        self._require("detection")
        assert self._io.detection is not None  # or its task were another
        given = self._networks[0](image[np.newaxis, :, :, np.newaxis])
        found = read_detections(given, self._io.detection, (image.shape[0], image.shape[1]))
        soften(found["scores"], self._predict.temperature, "sigmoid")
        return found

    def by_slab(self, values: Values, on_slab: OnSlab, *, on_members: OnBlended | None = None) -> None:
        """Probabilities of a volume (slices, rows, columns), handed out a few slices at a time."""
        self._require("segmentation")

        def finished(first_slice: int, layers: Sequence[Maps]) -> None:
            if on_members is not None:
                on_members(first_slice, layers)
            on_slab(first_slice, self.combine(layers))

        self._slide(values, finished, each=on_members is not None)

    def _slide(self, values: Values, on_blended: OnBlended, *, each: bool) -> None:
        """Run the windows; with ``each`` every member has a slab of its own, else their mean has the only one."""
        shape: Position = (values.shape[0], values.shape[1], values.shape[2])
        predict = self._predict
        tiling = tile(shape, predict.patch or (1, *shape[1:]), overlap=predict.overlap, blend=predict.blend)

        def run(windows: Values) -> Sequence[Maps]:
            batch = windows if self._io.input_rank == 5 else windows[:, 0]
            answers = self._ensemble.each(batch)
            for answer in answers:
                require_shape("a map", answer, (*batch.shape[:-1], None))
            layers = answers if each else (mean_of(answers),)
            return [layer.reshape((*windows.shape[:-1], layer.shape[-1])) for layer in layers]

        slide(
            values, tiling, batch=predict.batch, pad_value=predict.pad_value, run=run, on_blended=on_blended
        )

    def _require(self, task: Task) -> None:
        if self._io.task != task:
            raise PredictionFailed(
                f"the package's network is for {self._io.task}; it cannot be asked for {task}"
            )
