"""What people ask: how is the node, and what became of each study. Read by the command line and the dashboard."""

from dicom_node.ledger.report.asking import answering
from dicom_node.ledger.report.deliveries import (
    DestinationReport,
    HindranceReport,
    destinations,
    hindrances,
)
from dicom_node.ledger.report.events import EventReport, count_events, latest_events
from dicom_node.ledger.report.failures import FailureReport, latest_failures
from dicom_node.ledger.report.not_taken import KeptReport, RejectionReport, kept, rejections
from dicom_node.ledger.report.owed import Depth, depth, queued_by_model
from dicom_node.ledger.report.study import (
    AnalysisReport,
    DecisionReport,
    DeliveryReport,
    ResultReport,
    StudyReport,
    studies,
)

__all__ = [
    "AnalysisReport",
    "DecisionReport",
    "DeliveryReport",
    "Depth",
    "DestinationReport",
    "EventReport",
    "FailureReport",
    "HindranceReport",
    "KeptReport",
    "RejectionReport",
    "ResultReport",
    "StudyReport",
    "answering",
    "count_events",
    "depth",
    "destinations",
    "hindrances",
    "kept",
    "latest_events",
    "latest_failures",
    "queued_by_model",
    "rejections",
    "studies",
]
