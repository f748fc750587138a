"""From a package's folder to networks that answer."""

from pathlib import Path

from inference.errors import PackageInvalid
from inference.package.prediction import Io, Predict, reason_not_together
from inference.predict import saved_model
from inference.predict.device import prepare_device
from inference.predict.members import folders_of_members
from inference.predict.predictor import PackagePredictor
from inference.predict.saved_model import SavedModel


def load(folder: Path, io: Io, predict: Predict, *, device: str, threads: int | None) -> PackagePredictor:
    """Inspect, load and check every member in ``folder``; the device is chosen before anything touches it.

    Raises PackageInvalid with the first thing that is wrong, InferenceError for a device that is not there.
    """
    if reason := reason_not_together(io, predict):
        raise PackageInvalid(f"[predict] {reason}")
    chosen = prepare_device(device, threads)
    networks = [saved_model.load(member, io) for member in folders_of_members(folder, predict.members)]
    for network in networks:
        _require_window(network, predict)
    return PackagePredictor(networks, io=io, predict=predict, device=chosen)


def _require_window(network: SavedModel, predict: Predict) -> None:
    if predict.patch is None:
        return
    reads = network.input_shape
    window = (predict.batch, *predict.patch, 1) if len(reads) == 5 else (predict.batch, *predict.patch[1:], 1)
    if any(wanted not in (None, given) for wanted, given in zip(reads, window, strict=True)):
        raise PackageInvalid(
            f"[predict] batch and patch make windows of {window}, but the network reads {reads}"
        )
