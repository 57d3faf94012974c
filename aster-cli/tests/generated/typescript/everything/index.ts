// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

export { Channel, ContractMismatch } from "./client.js";
export type { CallSettings, ConnectSettings } from "./client.js";
export * as types from "./types.js";
export * as everyThingXV1 from "./every-thing-x-v1.js";
