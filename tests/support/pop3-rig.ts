import pino from "pino";
import { onTestFinished } from "vitest";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import { type Pop3Route, pop3RouteSchema } from "#core/contract/policy-document.ts";
import type { Pop3Contact } from "#worker/upstream/pop3-contact.ts";
import { Pop3Servers, type Pop3ServersOptions } from "#worker/upstream/pop3-servers.ts";
import { type FakePop3Options, FakePop3Server } from "./fake-pop3-server.ts";
import { waitUntil } from "./wait-until.ts";

/** A fake server that ends with the test, which fails when a connection is left open. */
export async function pop3Server(options: FakePop3Options = {}): Promise<FakePop3Server & { port: number }> {
  const server = new FakePop3Server(options);
  const port = await server.listen();
  onTestFinished(async () => {
    await waitUntil("every connection ends", () => server.sockets.size === 0);
    await server.close();
  });
  return Object.assign(server, { port });
}

/** Make it after the servers: it is closed before they are. */
export function pop3Servers(options: Partial<Pop3ServersOptions> = {}): Pop3Servers {
  const log = pino({ level: "silent" });
  const servers = new Pop3Servers({ log, now: Date.now, random: Math.random, ...options });
  onTestFinished(() => servers.close());
  return servers;
}

/** The route `mailbox`. */
export function pop3Route(
  targets: readonly { port: number; priority?: number; weight?: number }[],
  more: Record<string, unknown> = {},
): Pop3Route {
  return pop3RouteSchema.parse({
    name: "mailbox",
    protocol: "pop3",
    connectTimeoutMs: 1000,
    replyTimeoutMs: 1000,
    targets: targets.map(({ port, priority = 0, weight = 1 }) => ({ host: "127.0.0.1", port, priority, weight })),
    ...more,
  });
}

/** Connects; the connection ends with the test. */
export function contact(
  servers: Pop3Servers,
  route: Pop3Route,
): Promise<{ reasons: string[]; contact: Pop3Contact | null }> {
  return new Promise((resolve) => {
    servers.connect(route, pop3LimitsSchema.parse({}), (reasons, found) => {
      if (found !== null) onTestFinished(() => found.connection.destroy());
      resolve({ reasons, contact: found });
    });
  });
}

/** What CAPA says on a contact, or why the connection was lost meanwhile. */
export function capabilitiesOf(found: Pop3Contact | null): Promise<readonly string[] | null | string> {
  return new Promise((resolve) => {
    if (found === null) return resolve("no contact");
    found.connection.onLost = resolve;
    found.capabilities(resolve);
  });
}
