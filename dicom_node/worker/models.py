"""The models of this worker: each package checked and loaded once, READY or with its reason."""

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dicom_node.ledger import Ledger, models
from dicom_node.ledger.models import ModelState
from inference.errors import PackageInvalid
from inference.package.manifest import read_manifest
from inference.pipeline import LoadedModel, load_model

logger = logging.getLogger(__name__)

ReadyModels = Mapping[tuple[str, str], LoadedModel]
"""(name, version) -> the model in memory."""


def load_models(ledger: Ledger, folders: Sequence[Path]) -> ReadyModels:
    """Check and load each package in ``folders``, whose manifests are in order.

    What is wrong with a package is recorded in the ledger; its analyses wait and nothing else is touched.
    """
    ready: dict[tuple[str, str], LoadedModel] = {}
    declarations = [read_manifest(folder).model for folder in folders]
    with ledger.transaction() as tx:
        models.forget_others(tx, [(declared.name, declared.version) for declared in declarations])
    for folder, declared in zip(folders, declarations, strict=True):
        reason = None
        try:
            ready[declared.name, declared.version] = load_model(folder)
        except PackageInvalid as error:
            reason = str(error)
            logger.error("model %s %s is not ready: %s", declared.name, declared.version, reason)
        loaded = ready.get((declared.name, declared.version))
        with ledger.transaction() as tx:
            models.record(
                tx,
                ModelState(
                    model_name=declared.name,
                    model_version=declared.version,
                    digest=loaded.digest if loaded else None,
                    reason_not_ready=reason,
                    checked_at=time.time(),
                ),
            )
    return ready
