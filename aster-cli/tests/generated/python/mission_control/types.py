# Made by the aster command; do not edit. To make it again:
# aster contract gen-client SOURCE --lang python --out DIR
#
# Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d
# Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

import dataclasses

from aster.codec import wire_type


@wire_type("mission/Assignment")
@dataclasses.dataclass
class Assignment:
    task_id: str = ""
    command: str = ""


@wire_type("mission/Command")
@dataclasses.dataclass
class Command:
    command: str = ""


@wire_type("mission/CommandResult")
@dataclasses.dataclass
class CommandResult:
    stdout: str = ""
    stderr: str = ""
    exit_code: int = -1


@wire_type("mission/Heartbeat")
@dataclasses.dataclass
class Heartbeat:
    agent_id: str = ""
    capabilities: list = dataclasses.field(default_factory=list)
    load_avg: float = 0.0


@wire_type("mission/IngestResult")
@dataclasses.dataclass
class IngestResult:
    accepted: int = 0
    dropped: int = 0


@wire_type("mission/LogEntry")
@dataclasses.dataclass
class LogEntry:
    """A line of a log."""

    #: Seconds since 1970.
    timestamp: float = 0.0
    level: str = "info"
    message: str = ""
    agent_id: str = ""


@wire_type("mission/MetricPoint")
@dataclasses.dataclass
class MetricPoint:
    name: str = ""
    value: float = 0.0
    timestamp: float = 0.0
    tags: dict = dataclasses.field(default_factory=dict)


@wire_type("mission/StatusRequest")
@dataclasses.dataclass
class StatusRequest:
    agent_id: str = ""


@wire_type("mission/StatusResponse")
@dataclasses.dataclass
class StatusResponse:
    agent_id: str = ""
    status: str = "idle"
    uptime_secs: int = 0


@wire_type("mission/SubmitLogResult")
@dataclasses.dataclass
class SubmitLogResult:
    accepted: bool = True


@wire_type("mission/TailRequest")
@dataclasses.dataclass
class TailRequest:
    agent_id: str = ""
    level: str = "info"


TYPES: list = [
    Assignment,
    Command,
    CommandResult,
    Heartbeat,
    IngestResult,
    LogEntry,
    MetricPoint,
    StatusRequest,
    StatusResponse,
    SubmitLogResult,
    TailRequest,
]
