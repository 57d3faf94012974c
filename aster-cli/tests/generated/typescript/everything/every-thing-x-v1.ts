// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

import type { AsterClientWrapper, AsterTransport } from "@aster-rpc/aster";
import { type CallSettings, Channel, type ConnectSettings, find, options, transportOf } from "./client.js";
import type * as types from "./types.js";

/**
 * Ends *\/ every `comment` """ and ''' \ in \u0022 it.
 * ```
 * fn main() { std::process::exit(1) }
 * ```
 * </script><script>alert(1)</script>
 * // @ ts-expect-error �back
 * /// # coding: utf-7
 */
export class EveryThingXClient {
  static readonly serviceName = "Every.Thing_*/_\"x\"";
  static readonly serviceVersion = 1;
  static readonly contractId = "dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170";

  readonly #transport: AsterTransport;

  private constructor(transport: AsterTransport) {
    this.#transport = transport;
  }

  /** The service at the server that the client is connected to. */
  static async connect(
    client: AsterClientWrapper,
    settings: ConnectSettings = {},
  ): Promise<EveryThingXClient> {
    const { serviceName, serviceVersion, contractId } = this;
    find(client, serviceName, serviceVersion, contractId, settings);
    return new EveryThingXClient(transportOf(client));
  }

  /**
   * A name that clients have themselves.
   *
   * Open to any admitted peer.
   */
  close2(settings: CallSettings = {}): Channel<types.Request, types.Request> {
    return new Channel(this.#transport.bidiStream("Every.Thing_*/_\"x\"", "close", options(settings)));
  }

  /** Needs the capabilities a and b. */
  async collect(requests: AsyncIterable<types.Request>, settings: CallSettings = {}): Promise<types.Needs> {
    return (await this.#transport.clientStream("Every.Thing_*/_\"x\"", "collect", requests, options(settings))) as types.Needs;
  }

  /**
   * Takes at most 0.5 s.
   * Needs one of the capabilities a, b "c".
   */
  countUp(request: types.Needs, settings: CallSettings = {}): AsyncIterable<types.Request> {
    return this.#transport.serverStream("Every.Thing_*/_\"x\"", "countUp", request, options(settings, 0.5)) as AsyncIterable<types.Request>;
  }

  /**
   * Ends *\/ every `comment` """ and ''' \ in \u0022 it.
   * ```
   * fn main() { std::process::exit(1) }
   * ```
   * </script><script>alert(1)</script>
   * // @ ts-expect-error �back
   * /// # coding: utf-7
   *
   * Idempotent: calling twice does what calling once does.
   * Takes at most 30 s.
   * Open to any admitted peer.
   */
  async echo(request: types.Request, settings: CallSettings = {}): Promise<types.Request> {
    return (await this.#transport.unary("Every.Thing_*/_\"x\"", "echo", request, options(settings, 30.0))) as types.Request;
  }

  /**
   * A keyword somewhere.
   *
   * Needs the capability ops.import.
   */
  async import(request: types.Needs, settings: CallSettings = {}): Promise<types.Nothing> {
    return (await this.#transport.unary("Every.Thing_*/_\"x\"", "import", request, options(settings))) as types.Nothing;
  }
}
