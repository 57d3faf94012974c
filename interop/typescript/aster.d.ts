// What generated clients use of `@aster-rpc/aster` 0.1.2, which is on no registry: its client API as far as it is
// known (contract.md 9).

/** A service that the server offers. */
export interface ServiceSummary {
  readonly name: string;
  readonly version: number;
  readonly contractId?: string;
}

/** Beside a request. */
export interface CallOptions {
  metadata?: Record<string, string>;
  deadlineEpochMs?: number;
  serializationMode?: number;
  callId?: string;
}

/** A connection, as calls see it. */
export interface AsterTransport {
  unary(service: string, method: string, request: unknown, options?: CallOptions): Promise<unknown>;
  serverStream(service: string, method: string, request: unknown, options?: CallOptions): AsyncIterable<unknown>;
  clientStream(
    service: string,
    method: string,
    requests: AsyncIterable<unknown>,
    options?: CallOptions,
  ): Promise<unknown>;
  bidiStream(service: string, method: string, options?: CallOptions): BidiChannel;
  close(): Promise<void>;
}

/** A call with streams both ways. */
export interface BidiChannel {
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
  waitForTrailer(): Promise<[code: number, message: string]>;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

/** A client of a server; of session services, `proxy` is a session. */
export class AsterClientWrapper {
  constructor(options: { address?: string; transport?: AsterTransport });
  readonly connected: boolean;
  readonly services: readonly ServiceSummary[];
  private transport: AsterTransport;
  connect(): Promise<void>;
  close(): Promise<void>;
  proxy(service: string): object;
}
