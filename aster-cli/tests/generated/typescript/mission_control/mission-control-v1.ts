// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service MissionControl, version 1, contract e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530

import type { AsterClientWrapper, AsterTransport } from "@aster-rpc/aster";
import { type CallSettings, type ConnectSettings, find, options, transportOf } from "./client.js";
import type * as types from "./types.js";

/** A client of MissionControl. */
export class MissionControlClient {
  static readonly serviceName = "MissionControl";
  static readonly serviceVersion = 1;
  static readonly contractId = "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530";

  readonly #transport: AsterTransport;

  private constructor(transport: AsterTransport) {
    this.#transport = transport;
  }

  /** The service at the server that the client is connected to. */
  static async connect(
    client: AsterClientWrapper,
    settings: ConnectSettings = {},
  ): Promise<MissionControlClient> {
    const { serviceName, serviceVersion, contractId } = this;
    find(client, serviceName, serviceVersion, contractId, settings);
    return new MissionControlClient(transportOf(client));
  }

  /** Says that the control plane runs, and since when. */
  async getStatus(request: types.StatusRequest, settings: CallSettings = {}): Promise<types.StatusResponse> {
    return (await this.#transport.unary("MissionControl", "getStatus", request, options(settings))) as types.StatusResponse;
  }

  /** Takes measurements as they come and counts them. */
  async ingestMetrics(requests: AsyncIterable<types.MetricPoint>, settings: CallSettings = {}): Promise<types.IngestResult> {
    return (await this.#transport.clientStream("MissionControl", "ingestMetrics", requests, options(settings))) as types.IngestResult;
  }

  /** Adds a log entry, for all who follow the logs. */
  async submitLog(request: types.LogEntry, settings: CallSettings = {}): Promise<types.SubmitLogResult> {
    return (await this.#transport.unary("MissionControl", "submitLog", request, options(settings))) as types.SubmitLogResult;
  }

  /** Sends the latest log entries that match, then each new one. */
  tailLogs(request: types.TailRequest, settings: CallSettings = {}): AsyncIterable<types.LogEntry> {
    return this.#transport.serverStream("MissionControl", "tailLogs", request, options(settings)) as AsyncIterable<types.LogEntry>;
  }
}
