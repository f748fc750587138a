"""From a draft and a trained network to a sealed model package: what ``python -m inference pack`` does."""

import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.errors import PackageInvalid
from inference.package.checksums import seal
from inference.package.manifest import Manifest, read_manifest
from inference.predict import load_predictor
from inference.predict.inspection import refuse_what_is_not_mathematics
from inference.predict.members import folders_of_members
from inference.train.card import write_card
from inference.train.envelope import write_envelope
from inference.train.export import write
from inference.train.golden import write_golden_case
from inference.train.inputs import read_input, read_inputs
from inference.train.keras_file import load_keras
from inference.train.signature import SIGNATURE, io_table

DEFAULT_INPUT = "image"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a package is packed from.

    ``draft``: a model.toml, or a folder with one and perhaps a card.md. ``networks``: .keras files or SavedModel
    folders, one for each member. ``example``: the input of the golden case. ``training``: a folder of inputs for the
    envelope; None makes it from ``example`` alone.
    """

    draft: Path
    networks: tuple[Path, ...]
    example: Path
    training: Path | None = None


def pack_package(sources: Sources, out: Path) -> Path:
    """Write ``out/<name>-<version>`` and return it; nothing is left behind where that fails.

    Raises PackageInvalid, InputUnreadable or GeometryRefused with the reason, FileExistsError where the folder is
    there: a package is never written over.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".packing-") as rough:
        folder = Path(rough) / "package"
        folder.mkdir()
        manifest = _fill(folder, sources)
        target = out / f"{manifest.model.name}-{manifest.model.version}"
        if target.exists():
            raise FileExistsError(
                f"{target} exists; give the draft another version, a package is never written over"
            )
        return folder.rename(target)


def _fill(folder: Path, sources: Sources) -> Manifest:
    draft = sources.draft / "model.toml" if sources.draft.is_dir() else sources.draft
    shutil.copyfile(draft, folder / "model.toml")
    tables = _tables(folder / "model.toml")
    if "io" in tables:
        read_manifest(folder)  # its mistakes are told before anything long begins
    members = _place(sources.networks, folder / "model", tables.get("io", {}))
    if "io" not in tables:
        with (folder / "model.toml").open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n# The signature, as it was found in the network when this was packed.\n")
            file.write(io_table(members[0]))
    manifest = read_manifest(folder)
    predictor = load_predictor(folder / "model", manifest.io, manifest.predict)
    example = read_input(sources.example, manifest.input)
    golden = write_golden_case(folder, example, manifest, predictor)
    fields = [example] if sources.training is None else read_inputs(sources.training, manifest.input)
    inputs = write_envelope(folder / "envelope.npz", fields, manifest.preprocess)
    card = sources.draft / "card.md"
    if sources.draft.is_dir() and card.is_file():
        shutil.copyfile(card, folder / "card.md")
    else:
        write_card(folder, manifest, golden, inputs)
    seal(folder)
    return manifest


def _tables(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackageInvalid(f"{path} is not TOML: {error}") from None


def _place(networks: Sequence[Path], folder: Path, io: object) -> tuple[Path, ...]:
    """Put each network where a member belongs; returns those places."""
    if len(networks) > 1:
        folder.mkdir()
        places = tuple(folder / str(number) for number in range(len(networks)))
    else:
        places = folders_of_members(folder, 1)
    for network, place in zip(networks, places, strict=True):
        _install(network, place, io if isinstance(io, dict) else {})
    return places


def _install(network: Path, place: Path, io: dict[str, object]) -> None:
    signature = str(io.get("signature", SIGNATURE))
    if network.is_dir():
        refuse_what_is_not_mathematics(network, signature)
        _copy_plain_files(network, place)
        return
    outputs = [str(io["output"])] if "output" in io else _detection_outputs(io)
    write(
        load_keras(network),
        place,
        signature=signature,
        input_name=str(io.get("input", DEFAULT_INPUT)),
        dtype=str(io.get("input_dtype", "float32")),
        outputs=outputs,
    )


def _detection_outputs(io: dict[str, object]) -> list[str] | None:
    detection = io.get("detection")
    if not isinstance(detection, dict):
        return None
    return [
        str(detection[role]) for role in ("boxes", "scores", "classes", "count", "masks") if role in detection
    ]


def _copy_plain_files(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise PackageInvalid(f"{path} is no plain file; a package holds plain files")
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.relative_to(source))
