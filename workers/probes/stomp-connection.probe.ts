// One STOMP connection: the library's client on a socket that we opened ourselves. Its reconnect, heart-beats and timers are
// off. What it would collect without end is cut off, and how it all ended is kept in our own words.

import { Client, Versions } from "@stomp/stompjs";
import type { StompHeaders } from "@stomp/stompjs";

import type { Phase } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";
import type { Failure } from "./driver.ts";
import { failureOfClose, failureOfErrorFrame, failureOfGarbage } from "./stomp-failures.ts";

/** The library keeps an unfinished frame byte by byte; a probe's own are far smaller than this. */
const FRAME_BYTES_MAX = 262_144;

export class StompConnection {
  readonly client: Client;
  /** When the bytes that are being read arrived: first statement of the handler. */
  readAt = 0;
  /** What we are doing: the class of a failure depends on it. */
  doing: () => Phase = () => "connect";
  failure: Failure | null = null;
  /** Called once, with the first reason. */
  onEnded: (failure: Failure) => void = () => {};
  readonly #socket: WebSocket;
  readonly #wire: AbortController;
  #unframedBytes = 0;

  constructor(outside: Outside, socket: WebSocket, wire: AbortController, connectHeaders: StompHeaders) {
    this.#socket = socket;
    this.#wire = wire;
    // Before the library's own listener, so that it is stamped before it is parsed.
    socket.addEventListener("message", ({ data }) => {
      this.readAt = outside.now();
      this.#unframedBytes += typeof data === "string" ? data.length : (data as ArrayBuffer).byteLength;
      if (this.#unframedBytes > FRAME_BYTES_MAX) this.#end(failureOfGarbage(this.doing()));
    });
    // In place of a close, where the connection was cut or what came was no WebSocket any more (RFC 6455: 1006).
    socket.addEventListener("error", () => this.#end(failureOfClose(1006, "", this.doing())));
    this.client = new Client({
      webSocketFactory: () => socket as unknown as ReturnType<NonNullable<Client["webSocketFactory"]>>,
      stompVersions: new Versions([Versions.V1_2, Versions.V1_1]),
      connectHeaders,
      reconnectDelay: 0,
      connectionTimeout: 0,
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
      onStompError: ({ headers }) => {
        const doing = this.doing();
        const isAnswer = headers["receipt-id"] !== undefined && doing !== "connect";
        this.#end(failureOfErrorFrame(headers["message"], doing, isAnswer));
      },
      onUnhandledFrame: () => this.#end(failureOfGarbage(this.doing())),
      onUnhandledMessage: () => this.framed(),
      onUnhandledReceipt: () => this.framed(),
      onHeartbeatReceived: () => this.framed(),
      onWebSocketClose: ({ code, reason }) => this.#end(failureOfClose(code, reason, this.doing())),
    });
  }

  /** Resolves at CONNECTED; rejects with a Failure. */
  login(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onEnded = reject;
      this.client.onConnect = () => {
        this.framed();
        resolve();
      };
      this.client.activate();
    });
  }

  /** A whole frame was read: what follows begins a new one. */
  framed(): void {
    this.#unframedBytes = 0;
  }

  /** Resolves when the service has let us go. */
  async leave(): Promise<void> {
    await this.client.deactivate();
  }

  /** At once: a service that never answers a close would hold the connection for as long as it likes. */
  cut(): void {
    void this.client.deactivate({ force: true });
    this.#socket.close();
    this.#wire.abort();
  }

  #end(failure: Failure): void {
    this.framed();
    if (this.failure !== null) return;
    this.failure = failure;
    this.onEnded(failure);
    this.cut();
  }
}
