// What the clients of this directory share.

import type { AsterClientWrapper, AsterTransport, BidiChannel } from "@aster-rpc/aster";

/** What may be said about one call. */
export interface CallSettings {
  /** Sent to the server with the request. */
  metadata?: Record<string, string>;
  /** The longest duration of the call, in seconds. */
  timeout?: number;
}

/** What may be said when a client is made. */
export interface ConnectSettings {
  /** Whether the server's contract must be the one of this code; true without this. */
  checkContract?: boolean;
}

/** What the transport takes beside the request. */
interface CallOptions {
  metadata?: Record<string, string>;
  deadlineEpochMs?: number;
}

/** The server's service is not the one that this code was made from. */
export class ContractMismatch extends Error {
  constructor(
    readonly service: string,
    readonly expected: string,
    readonly offered: string,
  ) {
    super(
      `${service} has the contract ${offered} at this server, and ${expected} in this program: make the client ` +
        "again with `aster contract gen-client`, or connect with { checkContract: false }",
    );
    this.name = "ContractMismatch";
  }
}

/** Finds the service among what the server offers. */
export function find(
  client: AsterClientWrapper,
  service: string,
  version: number,
  contractId: string,
  settings: ConnectSettings,
): void {
  const found = client.services.find((s) => s.name === service && s.version === version);
  if (found === undefined) {
    throw new Error(`the server does not offer ${service} version ${version}`);
  }
  const id = found.contractId ?? "";
  if (settings.checkContract !== false && id !== "" && id !== contractId) {
    throw new ContractMismatch(`${service} version ${version}`, contractId, id);
  }
}

/** The connection of a client, which the package keeps to itself. */
export function transportOf(client: AsterClientWrapper): AsterTransport {
  const { transport } = client as unknown as { transport?: AsterTransport };
  if (transport === undefined) {
    throw new Error("the client is not connected: call connect() first");
  }
  return transport;
}

/** Settings as the transport wants them; `timeout` is the method's own. */
export function options(settings: CallSettings, timeout?: number): CallOptions {
  const options: CallOptions = {};
  if (settings.metadata !== undefined) {
    options.metadata = settings.metadata;
  }
  const seconds = settings.timeout ?? timeout;
  if (seconds !== undefined) {
    options.deadlineEpochMs = Date.now() + Math.ceil(seconds * 1000);
  }
  return options;
}

/** A session as the package makes it. */
type SessionProxy = Record<string, ((request?: unknown) => Promise<unknown>) | undefined>;

/** A session: the package makes its methods when they are called. */
export class Session {
  readonly #proxy: SessionProxy;

  constructor(client: AsterClientWrapper, service: string) {
    this.#proxy = client.proxy(service) as SessionProxy;
  }

  async call(method: string, request: unknown): Promise<unknown> {
    const call = this.#proxy[method];
    if (call === undefined) {
      throw new Error(`the session has no method ${method}`);
    }
    return call.call(this.#proxy, request);
  }

  async close(): Promise<void> {
    await this.call("close", undefined);
  }
}

/** A call with streams both ways; iterating it gives the responses. */
export class Channel<Request, Response> {
  readonly #channel: BidiChannel;

  constructor(channel: BidiChannel) {
    this.#channel = channel;
  }

  /** Sends a request. */
  async send(request: Request): Promise<void> {
    await this.#channel.send(request);
  }

  /** Says that no more requests come; responses still do. */
  async close(): Promise<void> {
    await this.#channel.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Response> {
    return (this.#channel as unknown as AsyncIterable<Response>)[Symbol.asyncIterator]();
  }
}
