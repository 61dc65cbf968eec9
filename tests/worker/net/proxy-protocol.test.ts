import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { startSmtpSession } from "#worker/smtp/session.ts";
import { freePort } from "../../support/free-port.ts";
import { LineClient } from "../../support/line-client.ts";
import { apply, makeListeners, type Place } from "../../support/listening.ts";
import type { SmtpPolicyOptions } from "../../support/policy-documents.ts";
import { binaryHeader } from "../../support/proxy-headers.ts";
import { testCertificate } from "../../support/test-certificate.ts";
import { waitUntil } from "../../support/wait-until.ts";

const balancer = "127.0.0.9";
const source = { address: "192.0.2.7", port: 40_000 };
const text = "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n";
const binary = binaryHeader({ source });

function behindBalancer(document: PolicyDocument, tls?: PolicyDocument["policies"][number]["listen"][number]["tls"]) {
  for (const policy of document.policies) {
    for (const listen of policy.listen) {
      listen.proxyProtocolFrom = [balancer];
      if (tls !== undefined) listen.tls = tls;
    }
  }
  return document;
}

async function start(options: Omit<SmtpPolicyOptions, "ports"> = {}): Promise<Place & { port: number }> {
  const place = await makeListeners();
  const port = await freePort();
  expect(await apply(place, 1, { ports: [port], ...options }, behindBalancer)).toEqual([]);
  return { ...place, port };
}

async function through(port: number, ...writes: (string | Buffer)[]): Promise<LineClient> {
  const client = await LineClient.connect(port, "127.0.0.1", balancer);
  for (const bytes of writes) client.socket.write(bytes);
  return client;
}

describe("a balancer's connection", () => {
  test.each([
    ["version 1", text],
    ["version 2", binary],
  ])("is its client's, %s: for the policy's facts, and for events", async (_, header) => {
    const { port, admissions } = await start();
    await (await through(port, header)).hears("220 ready");
    expect(admissions[0]?.client).toEqual(source);
  });

  test("is not greeted before the header is whole", async () => {
    const { port, admissions } = await start();
    const client = await through(port, text.slice(0, 20));
    const other = await LineClient.connect(port);
    await other.hears("220 ready");
    expect([client.heard, admissions.length]).toEqual(["", 1]);
    client.socket.write(text.slice(20));
    await client.hears("220 ready");
  });

  test("is its own when the balancer speaks for itself", async () => {
    const { port, admissions } = await start();
    await (await through(port, "PROXY UNKNOWN\r\n")).hears("220 ready");
    await (await through(port, binaryHeader({ source, command: 0x20 }))).hears("220 ready");
    expect(admissions.map(({ client }) => client.address)).toEqual([balancer, balancer]);
  });

  test("is closed when it begins otherwise, and an event tells why; what only connects and closes is not worth one", async () => {
    const { port, recorder, admissions } = await start();
    const silent = await through(port);
    silent.socket.end();
    await silent.isClosed();
    const client = await through(port, "EHLO client.test\r\n");
    await client.isClosed();
    const cut = await through(port, "PROXY TCP4");
    cut.socket.end();
    await cut.isClosed();
    expect([client.heard, admissions.length]).toEqual(["", 0]);
    // The second one is the same refusal of the same source.
    expect(recorder.events).toMatchObject([
      {
        client: { address: balancer },
        reply: null,
        cause: "the balancer's PROXY header cannot be used: it begins with something else",
      },
    ]);
  });

  test("ends with its listener while its header is awaited", async () => {
    const { port, listeners } = await start();
    const client = await through(port, "PROXY ");
    const other = await LineClient.connect(port);
    await other.hears("220 ready");
    await listeners.drain();
    await client.isClosed();
  });
});

test("a header from anybody else is never read: it is the client's own first bytes", async () => {
  const { port, admissions } = await start();
  const client = await LineClient.connect(port);
  client.socket.write(text);
  await client.hears("220 ready");
  expect(admissions[0]?.client.address).toBe("127.0.0.1");
});

describe("what holds for sources", () => {
  test("holds for the client behind the balancer: policies, bans, limits", async () => {
    const { port, bans, recorder } = await start({
      sources: ["192.0.2.0/24"],
      limits: { connectionsPerSourceMax: 1 },
    });
    await (await through(port, text)).hears("220 ready");
    await (await through(port, text)).hears("421 4.7.0 Too many connections from your address");
    await (await through(port, text.replace("192.0.2.7", "192.0.2.8"))).hears("220 ready");
    await (await through(port, text.replace("192.0.2.7", "203.0.113.1"))).hears("554 5.7.1");
    bans.ban("192.0.2.9", { minutes: 1, reason: "test", by: "person" });
    await (await through(port, text.replace("192.0.2.7", "192.0.2.9"))).hears("554 5.7.1");
    expect(recorder.events).toMatchObject([
      { client: source, cause: "connectionsPerSourceMax is reached" },
      { client: { address: "203.0.113.1" }, cause: "no policy admits this source" },
      { client: { address: "192.0.2.9" }, cause: "the source is blocked for a while" },
    ]);
  });

  test("does not hold for the balancer itself: neither bans nor limits of one source", async () => {
    const { port, bans } = await start({
      limits: { connectionsPerSourceMax: 1, connectionsPerSourcePerMinuteMax: 1 },
    });
    bans.ban(balancer, { minutes: 1, reason: "test", by: "person" });
    for (let i = 0; i < 3; i++) await (await through(port, "PROXY UNKNOWN\r\n")).hears("220 ready");
  });
});

describe("bytes behind the header are the client's", () => {
  test.each([
    ["version 1", text],
    ["version 2", binary],
  ])("whether they come with it or after it, in any two pieces: %s", async (_, header) => {
    const place = await makeListeners({ start: startSmtpSession });
    const port = await freePort();
    expect(await apply(place, 1, { ports: [port] }, behindBalancer)).toEqual([]);
    const bytes = Buffer.concat([Buffer.from(header), Buffer.from("NOOP\r\nQUIT\r\n")]);
    for (let cut = 0; cut <= bytes.length; cut += 3) {
      const client = await through(port, bytes.subarray(0, cut));
      // A turn of the loop each, so that they arrive as two.
      await new Promise((next) => setImmediate(next));
      client.socket.write(bytes.subarray(cut));
      await client.isClosed();
      expect(client.heard).toMatch(/^220 [^\r]*\r\n250 [^\r]*\r\n221 [^\r]*\r\n$/);
    }
  });

  test("also inside TLS from the first byte on: the handshake follows the header at once", async () => {
    const { certificate, authority } = testCertificate("mx");
    const place = await makeListeners({ start: startSmtpSession, findCertificate: () => certificate });
    const port = await freePort();
    const problems = await apply(place, 1, { ports: [port] }, (document) =>
      behindBalancer(document, { mode: "implicit", certificates: ["mx"], profile: "intermediate" }),
    );
    expect(problems).toEqual([]);
    const client = await LineClient.connect(port, "127.0.0.1", balancer);
    client.socket.removeAllListeners("data");
    client.socket.cork();
    client.socket.write(text);
    let heard = "";
    const secure = connectTls({ socket: client.socket, servername: "mx.test", ca: authority });
    secure.on("data", (chunk: Buffer) => {
      heard += chunk.toString("latin1");
    });
    secure.on("error", () => undefined);
    client.socket.uncork();
    await waitUntil("the greeting inside TLS", () => heard.startsWith("220 "));
    secure.destroy();
  });
});
