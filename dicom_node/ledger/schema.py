"""The tables. Times are seconds since the epoch (UTC); UIDs are stored in full, without padding."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

SCHEMA_VERSION = 1

metadata = MetaData()
Uid = String(64)

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

study = Table(
    "study",
    metadata,
    Column("study_instance_uid", Uid, primary_key=True),
    Column("state", String(16), nullable=False, index=True),
    Column("calling_ae_title", String(16), nullable=False),
    Column("opened_at", Float, nullable=False),
    Column("first_received_at", Float, nullable=False),
    Column("last_received_at", Float, nullable=False),
    Column("complete_at", Float),
    Column("complete_because", Text),
    Column("routed_at", Float),
    Column("finished_at", Float),
)

instance = Table(
    "instance",
    metadata,
    Column("sop_instance_uid", Uid, primary_key=True),
    Column("study_instance_uid", Uid, ForeignKey("study.study_instance_uid"), nullable=False, index=True),
    Column("series_instance_uid", Uid, nullable=False),
    Column("sop_class_uid", Uid, nullable=False),
    Column("transfer_syntax_uid", Uid, nullable=False),
    Column("key", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("received_at", Float, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("decision_id", Integer, primary_key=True),
    Column("study_instance_uid", Uid, ForeignKey("study.study_instance_uid"), nullable=False, index=True),
    Column("series_instance_uid", Uid, nullable=False),
    Column("sop_instance_uid", Uid),
    Column("model_name", String(40), nullable=False),
    Column("model_version", String(40), nullable=False),
    Column("reason_to_decline", Text),
    Column("decided_at", Float, nullable=False),
)

analysis = Table(
    "analysis",
    metadata,
    Column("analysis_id", String(36), primary_key=True),
    Column("study_instance_uid", Uid, ForeignKey("study.study_instance_uid"), nullable=False, index=True),
    Column("series_instance_uid", Uid, nullable=False),
    Column("source_instance_uids", JSON, nullable=False),
    Column("model_name", String(40), nullable=False),
    Column("model_version", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Float),
    Column("worker", Text),
    Column("available_at", Float, nullable=False),
    Column("hinted_at", Float),
    Column("queued_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("error", Text),
    Column("notes", JSON),
    Index("analysis_by_state", "state", "available_at"),
)

result = Table(
    "result",
    metadata,
    Column("sop_instance_uid", Uid, primary_key=True),
    Column("analysis_id", String(36), ForeignKey("analysis.analysis_id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("sop_class_uid", Uid, nullable=False),
    Column("series_instance_uid", Uid, nullable=False),
    Column("key", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", Float, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("sop_instance_uid", Uid, ForeignKey("result.sop_instance_uid"), primary_key=True),
    Column("destination", String(32), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Float, nullable=False),
    Column("lease_until", Float),
    Column("error", Text),
    Column("owed_at", Float, nullable=False),
    Column("delivered_at", Float),
    Index("delivery_by_state", "state", "next_attempt_at"),
)

event = Table(
    "event",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("at", Float, nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("study_instance_uid", Uid, index=True),
    Column("subject", Text),
    Column("detail", Text),
)

process = Table(
    "process",
    metadata,
    Column("process", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("started_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("state", Text, nullable=False),
)

model = Table(
    "model",
    metadata,
    Column("model_name", String(40), primary_key=True),
    Column("model_version", String(40), primary_key=True),
    Column("digest", String(64)),
    Column("reason_not_ready", Text),
    Column("checked_at", Float, nullable=False),
)

caller = Table(
    "caller",
    metadata,
    Column("calling_ae_title", String(16), primary_key=True),
    Column("called_ae_title", String(16), primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("is_tls", Boolean, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("first_seen_at", Float, nullable=False),
    Column("last_seen_at", Float, nullable=False, index=True),
    Column("times", Integer, nullable=False),
)

commitment = Table(
    "commitment",
    metadata,
    Column("commitment_id", Integer, primary_key=True),
    Column("transaction_uid", Uid, nullable=False, index=True),
    Column("calling_ae_title", String(16), nullable=False),
    Column("called_ae_title", String(16), nullable=False),
    Column("address", String(45), nullable=False),
    Column("references", JSON, nullable=False),
    Column("number_of_references", Integer, nullable=False),
    Column("is_duplicate", Boolean, nullable=False),
    Column("requested_at", Float, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Float, nullable=False),
    Column("error", Text),
    Column("ended_at", Float),
    Index("commitment_by_due", "ended_at", "next_attempt_at"),
)
