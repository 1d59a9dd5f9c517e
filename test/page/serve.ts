// The page on a loopback port, with rows from the fixtures instead of D1: for a real browser. Test code only.

import { createServer } from "node:http";

import type { FrontRow, PageBindings } from "../../status-page/front.ts";
import { type StatusPageOptions, statusPage } from "../../status-page/app.tsx";
import { NOW } from "./fixtures.ts";

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

// Reads come from the fixture; a read of D1 in these tests would be a mistake, and throws.
const NO_DATABASE = {} as PageBindings;

/** Serves the page that `read` gives, at the fixtures' present. */
export async function serve(
  read: () => Promise<FrontRow | null>,
  options: Partial<StatusPageOptions> = {},
): Promise<Served> {
  const app = statusPage({ now: () => NOW, read, spare: null, name: "Sonde", report: () => undefined, ...options });
  const server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [key, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(key, value);
    const method = request.method ?? "GET";
    const answer = await app.fetch(
      new Request(`http://localhost${request.url ?? "/"}`, { method, headers }),
      NO_DATABASE,
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
