"""``python -m inference.train``: from a folder of labelled chest radiographs to the package ``cxr_lungs``."""

import argparse
import sys
from pathlib import Path

import keras

from inference.package.manifest import read_manifest
from inference.train.data import read_labels, split_by_patient
from inference.train.fit import Plan, fit
from inference.train.load import prepare
from inference.train.package import reseal, write_package
from inference.zoo.unet import unet

RECIPE = Path(__file__).with_name("cxr_lungs")
BASE = 16
"""Filters at full resolution: 1.9 million parameters, 7.8 MB."""


def main() -> int:
    """Train and pack, or seal a package again; returns the exit code."""
    arguments = _arguments()
    if arguments.command == "seal":
        sys.stdout.write(f"{arguments.folder} sealed, digest {reseal(arguments.folder)}\n")
        return 0
    plan = Plan(epochs=arguments.epochs, steps=arguments.steps, seed=arguments.seed)
    folder, digest = train(arguments.data, arguments.out, plan)
    sys.stdout.write(f"{folder} written, digest {digest}\n")
    return 0


def train(data: Path, out: Path, plan: Plan) -> tuple[Path, str]:
    """Train on ``data`` and write the package below ``out``; returns its folder and its digest (hex)."""
    manifest = read_manifest(RECIPE)
    folder = out / f"{manifest.model.name}-{manifest.model.version}"
    if folder.exists():
        raise FileExistsError(f"{folder} exists; move it away, a package is never written over")
    split = split_by_patient(read_labels(data), plan.seed)
    training = [prepare(example, manifest.preprocess) for example in split.training]
    validation = [prepare(example, manifest.preprocess) for example in split.validation]
    keras.utils.set_random_seed(plan.seed)
    network = unet(base=BASE)
    out.mkdir(parents=True, exist_ok=True)
    fit(network, training, validation, plan, out / f"{manifest.model.name}.weights.h5")
    notes = {"parameters": network.count_params(), "seed": plan.seed, "epochs": plan.epochs}
    notes |= {"steps": plan.steps, "batch": plan.batch}
    return folder, write_package(folder, RECIPE, network, split, notes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m inference.train", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with labels.json, images/ and lung_masks/")
    parser.add_argument("--out", type=Path, help="folder to write the package and the best weights to")
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--steps", type=int, default=Plan.steps, help="batches an epoch")
    parser.add_argument(
        "--seed", type=int, default=Plan.seed, help="of the split, the start and the augmentation"
    )
    commands = parser.add_subparsers(dest="command")
    sealing = commands.add_parser("seal", help="write golden case and SHA256SUMS of a package anew")
    sealing.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.command is None and not (arguments.data and arguments.out):
        parser.error("say --data FOLDER and --out FOLDER, or: seal FOLDER")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
