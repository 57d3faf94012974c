// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d
// Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

export class Assignment {
  task_id: string = "";
  command: string = "";

  constructor(init: Partial<Assignment> = {}) {
    Object.assign(this, init);
  }
}

export class Command {
  command: string = "";

  constructor(init: Partial<Command> = {}) {
    Object.assign(this, init);
  }
}

export class CommandResult {
  stdout: string = "";
  stderr: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  exit_code: number = -1;

  constructor(init: Partial<CommandResult> = {}) {
    Object.assign(this, init);
  }
}

export class Heartbeat {
  agent_id: string = "";
  capabilities: Array<string> = [];
  load_avg: number = 0;

  constructor(init: Partial<Heartbeat> = {}) {
    Object.assign(this, init);
  }
}

export class IngestResult {
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  accepted: number = 0;
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  dropped: number = 0;

  constructor(init: Partial<IngestResult> = {}) {
    Object.assign(this, init);
  }
}

/** A line of a log. */
export class LogEntry {
  /** Seconds since 1970. */
  timestamp: number = 0;
  level: string = "info";
  message: string = "";
  agent_id: string = "";

  constructor(init: Partial<LogEntry> = {}) {
    Object.assign(this, init);
  }
}

export class MetricPoint {
  name: string = "";
  value: number = 0;
  timestamp: number = 0;
  tags: Record<string, unknown> = {};

  constructor(init: Partial<MetricPoint> = {}) {
    Object.assign(this, init);
  }
}

export class StatusRequest {
  agent_id: string = "";

  constructor(init: Partial<StatusRequest> = {}) {
    Object.assign(this, init);
  }
}

export class StatusResponse {
  agent_id: string = "";
  status: string = "idle";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  uptime_secs: number = 0;

  constructor(init: Partial<StatusResponse> = {}) {
    Object.assign(this, init);
  }
}

export class SubmitLogResult {
  accepted: boolean = true;

  constructor(init: Partial<SubmitLogResult> = {}) {
    Object.assign(this, init);
  }
}

export class TailRequest {
  agent_id: string = "";
  level: string = "info";

  constructor(init: Partial<TailRequest> = {}) {
    Object.assign(this, init);
  }
}
