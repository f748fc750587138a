"""What recipe.toml and model.toml must say alike, asked before any data is read."""

from collections.abc import Iterator, Mapping

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.train.augment.tables import Flip
from inference.train.ensemble import require_ensemble
from inference.train.losses.tables import CombinationTable, CrossEntropyTable, FocalTable, LossTable
from inference.train.networks import channels_of, require_task
from inference.train.recipe.read import Recipe
from inference.train.sources.tables import DataTable, DicomAndSeg, FromDicom, ImagesAndMasks, WhatTheTableSays


def require_agreement(recipe: Recipe, manifest: Manifest) -> None:
    """Raise TrainingRefused for the first thing that the two say differently."""
    _require_name(recipe, manifest)
    require_task(recipe.network, manifest)
    require_ensemble(recipe, manifest)
    _require_each(recipe, manifest)
    _require_order(recipe, manifest)
    _require_weights(recipe.loss, manifest)
    _require_swap(recipe, manifest)
    _require_found(recipe, manifest)


def _require_name(recipe: Recipe, manifest: Manifest) -> None:
    if recipe.recipe.name != manifest.model.name:
        raise TrainingRefused(
            f"[recipe] name is '{recipe.recipe.name}', model.toml's [model] name '{manifest.model.name}'; make them "
            "the same"
        )


def _require_each(recipe: Recipe, manifest: Manifest) -> None:
    wanted = manifest.input.each
    for name, table in _data_tables(recipe):
        if isinstance(table, FromDicom) and table.each != wanted:
            left_out = "" if "each" in table.model_fields_set else ", as it is where it is left out"
            raise TrainingRefused(
                f"{name} each is '{table.each}'{left_out}; model.toml's [input] each is '{wanted}'. Make them the same"
            )


def _data_tables(recipe: Recipe) -> Iterator[tuple[str, DataTable]]:
    yield "[data]", recipe.data
    if recipe.envelope is not None:
        yield "[envelope.data]", recipe.envelope.data


def _require_order(recipe: Recipe, manifest: Manifest) -> None:
    """What is learnt as number n comes out as the manifest's number n, whatever it is called here."""
    places = _places(manifest)
    for number, name in enumerate(_names(recipe.data)):
        wanted = places.get(name.casefold(), number)
        if wanted != number:
            raise TrainingRefused(
                f"[data] has '{name}' as number {number}, model.toml as number {wanted} (counted from 0); name what is "
                "learnt in model.toml's order, or one would be called the other"
            )


def _names(table: DataTable) -> tuple[str, ...]:
    if isinstance(table, DicomAndSeg):
        return table.segments
    if isinstance(table, WhatTheTableSays):
        return table.classes
    return tuple(each.mask for each in table.segment) if isinstance(table, ImagesAndMasks) else ()


def _places(manifest: Manifest) -> Mapping[str, int]:
    """The number of each label: of segments their place, of classes the channel, of boxes the class."""
    output = manifest.output
    places = [(segment.label, number) for number, segment in enumerate(output.segment)]
    places += [(finding.label, finding.channel) for finding in output.finding]
    places += [(box.label, box.class_id) for box in output.box]
    return {label.casefold(): number for label, number in places}


def _require_weights(table: LossTable, manifest: Manifest) -> None:
    if isinstance(table, CombinationTable):
        for part in table.parts:
            _require_weights(part, manifest)
    # A detector takes none at all, and says so itself.
    if manifest.model.task == "detection" or not isinstance(table, CrossEntropyTable | FocalTable):
        return
    classes = channels_of(manifest)
    if table.class_weights is not None and len(table.class_weights) != classes:
        raise TrainingRefused(
            f"[loss] class_weights are {len(table.class_weights)}, but model.toml's network has {classes} channels; "
            "give one each, in their order"
        )


def _require_swap(recipe: Recipe, manifest: Manifest) -> None:
    is_segmentation = manifest.model.task == "segmentation"
    count = len(manifest.output.segment) if is_segmentation else channels_of(manifest)
    for step in recipe.augment:
        for pair in step.swap if isinstance(step, Flip) else ():
            if not all(0 <= number < count for number in pair):
                kind = "segments" if is_segmentation else "classes"
                raise TrainingRefused(
                    f"[[augment]] flip swap names {list(pair)}, but model.toml has {count} {kind}, numbered from 0 to "
                    f"{count - 1}; name two of them"
                )


def _require_found(recipe: Recipe, manifest: Manifest) -> None:
    """What training finds out is not said before it."""
    said = manifest.predict.model_fields_set
    count = 1 if recipe.ensemble is None else recipe.ensemble.members
    if "members" in said and manifest.predict.members != count:
        raise TrainingRefused(
            f"model.toml says [predict] members = {manifest.predict.members}, the recipe makes it {count}; leave it "
            "out there"
        )
    if recipe.calibrate is not None and "temperature" in said:
        raise TrainingRefused(
            "model.toml says [predict] temperature, and [calibrate] of the recipe finds it; leave one of them out"
        )
