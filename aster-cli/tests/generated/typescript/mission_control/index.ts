// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d
// Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

export { Channel, ContractMismatch } from "./client.js";
export type { CallSettings, ConnectSettings } from "./client.js";
export * as types from "./types.js";
export * as agentSessionV1 from "./agent-session-v1.js";
export * as missionControlV1 from "./mission-control-v1.js";
