// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

import type { AsterClientWrapper } from "@aster-rpc/aster";
import { type ConnectSettings, Session, find } from "./client.js";
import type * as types from "./types.js";

/**
 * A client of MatrixSession.
 *
 * Left out: chat, count, total. The sessions of @aster-rpc/aster 0.1.2 have no streams.
 */
export class MatrixSessionClient {
  static readonly serviceName = "MatrixSession";
  static readonly serviceVersion = 1;
  static readonly contractId = "7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1";

  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** A session of the service at the server that the client is connected to. */
  static async connect(
    client: AsterClientWrapper,
    settings: ConnectSettings = {},
  ): Promise<MatrixSessionClient> {
    const { serviceName, serviceVersion, contractId } = this;
    find(client, serviceName, serviceVersion, contractId, settings);
    return new MatrixSessionClient(new Session(client, serviceName));
  }

  /** Ends the session. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async active(request: types.Request): Promise<types.Total> {
    return (await this.#session.call("active", request)) as types.Total;
  }

  async blob(request: types.Blob): Promise<types.Blob> {
    return (await this.#session.call("blob", request)) as types.Blob;
  }

  async echo(request: types.Request): Promise<types.Reply> {
    return (await this.#session.call("echo", request)) as types.Reply;
  }

  async fail(request: types.Request): Promise<types.Reply> {
    return (await this.#session.call("fail", request)) as types.Reply;
  }

  async slow(request: types.Request): Promise<types.Reply> {
    return (await this.#session.call("slow", request)) as types.Reply;
  }
}
