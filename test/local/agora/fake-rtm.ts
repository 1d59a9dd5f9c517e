// Stands in for Agora's SDK where its edges would be needed: the same calls and events, over nothing but memory. The user's name
// says how it behaves. It proves what the driver makes of the SDK's documented interface, not that Agora works.

type Listener = (event: Record<string, unknown>) => void;

const rooms = new Map<string, Set<(message: string) => void>>();

class FakeRtm {
  readonly #user: string;
  readonly #listeners = new Map<string, Set<Listener>>();
  #sent = 0;
  /** Never closed by the fake. */
  #left: WebSocket | null = null;

  constructor(_appId: string, user: string) {
    this.#user = user;
  }

  addEventListener(name: string, listener: Listener): void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(listener));
  }

  removeAllListeners(): void {
    this.#listeners.clear();
  }

  async login(): Promise<void> {
    const code = /^login(\d+)/.exec(this.#user)?.[1];
    if (code !== undefined) throw Object.assign(new Error("5ec7e75ec7e7"), { errorCode: -Number(code) });
    if (this.#user.startsWith("hang")) await new Promise(() => {});
    if (this.#user.startsWith("leaky")) {
      const url = /ws(\d+)/.exec(this.#user)?.[1];
      this.#left = new WebSocket(`ws://127.0.0.1:${url}/`);
      setInterval(() => {}, 60_000);
    }
  }

  async subscribe(channel: string): Promise<void> {
    const code = /^subscribe(\d+)/.exec(this.#user)?.[1];
    if (code !== undefined) throw Object.assign(new Error("no"), { errorCode: -Number(code) });
    const room = rooms.get(channel) ?? new Set();
    rooms.set(channel, room);
    room.add((message) => this.#emit("message", { channelName: channel, message, messageType: "STRING" }));
  }

  async publish(channel: string, message: string): Promise<void> {
    const code = /^publish(\d+)/.exec(this.#user)?.[1];
    if (code !== undefined) throw Object.assign(new Error("no"), { errorCode: -Number(code) });
    if (this.#user.startsWith("mute")) return new Promise(() => {});
    this.#sent += 1;
    if (this.#user.startsWith("drop") && this.#sent === 3) {
      this.#emit("linkState", { currentState: "DISCONNECTED" });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
    for (const hear of rooms.get(channel) ?? []) hear(message);
  }

  /** Whether something was left open. */
  get left(): boolean {
    return this.#left !== null;
  }

  async logout(): Promise<void> {
    if (this.#user.startsWith("hang")) await new Promise(() => {});
  }

  #emit(name: string, event: Record<string, unknown>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }
}

export { FakeRtm as RTM };
