import { Readable } from "node:stream";
import pino from "pino";
import { onTestFinished } from "vitest";
import { type SmtpRoute, smtpRouteSchema } from "#core/contract/policy-document.ts";
import type { SmtpConnection } from "#worker/upstream/smtp-connection.ts";
import { SmtpPool, type SmtpPoolOptions } from "#worker/upstream/smtp-pool.ts";
import { type SendResult, sendMessage } from "#worker/upstream/smtp-send.ts";
import type { UpstreamError } from "#worker/upstream/upstream-error.ts";
import { type FakeSmtpOptions, FakeSmtpServer } from "./fake-smtp-server.ts";
import { waitUntil } from "./wait-until.ts";

/** A fake server that ends with the test. */
export async function fakeServer(options: FakeSmtpOptions = {}): Promise<FakeSmtpServer> {
  const server = await FakeSmtpServer.start(options);
  onTestFinished(async () => {
    await waitUntil("the connections end", () => server.openConnections === 0);
    await server.stop();
  });
  return server;
}

/** A pool that is closed before the servers are. Make it after them. */
export function testPool(options: Partial<SmtpPoolOptions> = {}): SmtpPool {
  const log = pino({ level: "silent" });
  const pool = new SmtpPool({ log, now: Date.now, random: Math.random, ehloName: "gate.test", ...options });
  onTestFinished(() => pool.close());
  return pool;
}

/** The route `inside`. */
export function smtpRoute(
  targets: readonly (Pick<FakeSmtpServer, "port"> & { priority?: number; weight?: number })[],
  more: Record<string, unknown> = {},
): SmtpRoute {
  return smtpRouteSchema.parse({
    name: "inside",
    protocol: "smtp",
    connectTimeoutMs: 1000,
    replyTimeoutMs: 1000,
    targets: targets.map(({ port, priority = 0, weight = 1 }) => ({ host: "127.0.0.1", port, priority, weight })),
    ...more,
  });
}

export function lease(
  pool: SmtpPool,
  route: SmtpRoute,
  domain = "inside.test",
): Promise<{ error: UpstreamError | null; connection: SmtpConnection | null }> {
  return new Promise((resolve) => {
    pool.lease(route, domain, (error, connection) => resolve({ error, connection }));
  });
}

/** Leases and gives back; the server that was reached, or why none was. */
export async function reach(pool: SmtpPool, route: SmtpRoute, domain?: string): Promise<string> {
  const { error, connection } = await lease(pool, route, domain);
  if (connection !== null) pool.release(connection);
  return connection?.target ?? error?.message ?? "neither";
}

const message = "Subject: later\r\n\r\ntext\r\n";

export function send(pool: SmtpPool, route: SmtpRoute, ...to: string[]): Promise<SendResult> {
  const recipients = to.map((address) => ({ address, parameters: [] }));
  const envelope = { sender: "a@sender.test", mailParameters: [], recipients, bytes: message.length };
  return sendMessage(pool, route, envelope, () => Readable.from([Buffer.from(message)]));
}
