// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service AgentSession, version 1, contract eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d

import type { AsterClientWrapper } from "@aster-rpc/aster";
import { type ConnectSettings, Session, find } from "./client.js";
import type * as types from "./types.js";

/**
 * One instance for each session.
 *
 * Left out: runCommand. The sessions of @aster-rpc/aster 0.1.2 have no streams.
 */
export class AgentSessionClient {
  static readonly serviceName = "AgentSession";
  static readonly serviceVersion = 1;
  static readonly contractId = "eba039b9bdfbaad07a9aa2344679c162657ed490eb7b42f3718d634ba8fdd38d";

  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** A session of the service at the server that the client is connected to. */
  static async connect(
    client: AsterClientWrapper,
    settings: ConnectSettings = {},
  ): Promise<AgentSessionClient> {
    const { serviceName, serviceVersion, contractId } = this;
    find(client, serviceName, serviceVersion, contractId, settings);
    return new AgentSessionClient(new Session(client, serviceName));
  }

  /** Ends the session. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async register(request: types.Heartbeat): Promise<types.Assignment> {
    return (await this.#session.call("register", request)) as types.Assignment;
  }
}
