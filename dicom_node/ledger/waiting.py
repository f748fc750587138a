"""Why something waits: derived when asked, from what the processes and models say of themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dicom_node.ledger import models, processes
from dicom_node.ledger.ledger import Transaction
from dicom_node.ledger.lifecycle import AnalysisState, StudyState
from dicom_node.ledger.models import ModelState
from dicom_node.ledger.processes import Process
from dicom_node.ledger.report import AnalysisReport, StudyReport


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Who is alive, and which models the workers found."""

    alive: Sequence[Process]
    models: Sequence[ModelState]

    def states(self, kind: str) -> list[str]:
        """What the living processes of a kind say of themselves."""
        return [each.state for each in self.alive if each.kind == kind]


def explained(tx: Transaction, studies: Iterable[StudyReport], *, now: float) -> list[StudyReport]:
    """The studies, each with the reason for what waits in it."""
    scene = Scene(alive=processes.alive(tx, now=now), models=models.all_found(tx))
    return [explain(study, scene) for study in studies]


def explain(study: StudyReport, scene: Scene) -> StudyReport:
    """The study with the reason why it, or an analysis of it, waits. Pure."""
    return replace(
        study,
        waits_because=reason_study_waits(study, scene),
        analyses=tuple(
            replace(each, error=reason_analysis_waits(each, scene))
            if each.state == AnalysisState.QUEUED
            else each
            for each in study.analyses
        ),
    )


def reason_study_waits(study: StudyReport, scene: Scene) -> str | None:
    """Why a study does not get from receiving to routed, or None."""
    if study.state not in (StudyState.RECEIVING, StudyState.COMPLETE):
        return None
    return (
        _trouble_of_steward(scene)
        if study.state == StudyState.COMPLETE or not scene.states("steward")
        else None
    )


def reason_analysis_waits(analysis: AnalysisReport, scene: Scene) -> str | None:
    """Why a queued analysis is not done; what an attempt left as its reason comes first."""
    if analysis.error:
        return analysis.error
    if not scene.states("work"):
        return "waits for a worker: none is alive; start the node, or `dicom-node work`"
    if scene.models and not any(
        (each.model_name, each.model_version) == (analysis.model, analysis.version) for each in scene.models
    ):
        return (
            "waits for its model: no worker has this version; put the package back into [inference] packages"
        )
    return _trouble_of_steward(scene)


def _trouble_of_steward(scene: Scene) -> str | None:
    states = scene.states("steward")
    if not states:
        return "waits for the steward: none is alive; start the node, or `dicom-node steward`"
    troubles = [state.partition("; ")[2] for state in states]
    return f"waits: {troubles[0]}" if all(troubles) else None
