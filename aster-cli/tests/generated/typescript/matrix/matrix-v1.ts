// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a

import type { AsterClientWrapper, AsterTransport } from "@aster-rpc/aster";
import { type CallSettings, Channel, type ConnectSettings, find, options, transportOf } from "./client.js";
import type * as types from "./types.js";

/** A client of Matrix. */
export class MatrixClient {
  static readonly serviceName = "Matrix";
  static readonly serviceVersion = 1;
  static readonly contractId = "909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a";

  readonly #transport: AsterTransport;

  private constructor(transport: AsterTransport) {
    this.#transport = transport;
  }

  /** The service at the server that the client is connected to. */
  static async connect(
    client: AsterClientWrapper,
    settings: ConnectSettings = {},
  ): Promise<MatrixClient> {
    const { serviceName, serviceVersion, contractId } = this;
    find(client, serviceName, serviceVersion, contractId, settings);
    return new MatrixClient(transportOf(client));
  }

  async active(request: types.Request, settings: CallSettings = {}): Promise<types.Total> {
    return (await this.#transport.unary("Matrix", "active", request, options(settings))) as types.Total;
  }

  async blob(request: types.Blob, settings: CallSettings = {}): Promise<types.Blob> {
    return (await this.#transport.unary("Matrix", "blob", request, options(settings))) as types.Blob;
  }

  chat(settings: CallSettings = {}): Channel<types.Request, types.Reply> {
    return new Channel(this.#transport.bidiStream("Matrix", "chat", options(settings)));
  }

  count(request: types.Request, settings: CallSettings = {}): AsyncIterable<types.Reply> {
    return this.#transport.serverStream("Matrix", "count", request, options(settings)) as AsyncIterable<types.Reply>;
  }

  async echo(request: types.Request, settings: CallSettings = {}): Promise<types.Reply> {
    return (await this.#transport.unary("Matrix", "echo", request, options(settings))) as types.Reply;
  }

  async fail(request: types.Request, settings: CallSettings = {}): Promise<types.Reply> {
    return (await this.#transport.unary("Matrix", "fail", request, options(settings))) as types.Reply;
  }

  async slow(request: types.Request, settings: CallSettings = {}): Promise<types.Reply> {
    return (await this.#transport.unary("Matrix", "slow", request, options(settings))) as types.Reply;
  }

  async total(requests: AsyncIterable<types.Request>, settings: CallSettings = {}): Promise<types.Total> {
    return (await this.#transport.clientStream("Matrix", "total", requests, options(settings))) as types.Total;
  }
}
