import { once } from "node:events";
import { connect, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { accepts } from "../../support/accepts.ts";
import { freePort } from "../../support/free-port.ts";
import { LineClient } from "../../support/line-client.ts";
import { apply, makeListeners } from "../../support/listening.ts";
import { compiled, smtpDocument } from "../../support/policy-documents.ts";
import { testCertificate } from "../../support/test-certificate.ts";
import { waitUntil } from "../../support/wait-until.ts";

test("a policy's addresses are bound and sessions are governed by it", async () => {
  const place = await makeListeners();
  const port = await freePort();
  expect(await apply(place, 7, { ports: [port] })).toEqual([]);
  await (await LineClient.connect(port)).hears("220 ready");
  expect(place.admissions[0]?.governing).toMatchObject({
    revision: 7,
    policy: { name: "In", fromInterface: "External" },
  });
  expect(place.listeners.status()).toEqual([
    { address: "127.0.0.1", port, protocol: "smtp", interface: "External", connections: 1 },
  ]);
});

test("a taken port is a problem that names it, and nothing changes", async () => {
  const place = await makeListeners();
  const [before, taken, third] = [await freePort(), await freePort(), await freePort()];
  const other = createServer().listen(taken, "127.0.0.1");
  onTestFinished(() => void other.close());
  await apply(place, 1, { ports: [before] });
  const stage = await place.listeners.stage(compiled(smtpDocument({ ports: [third, taken] })));
  expect(stage).toEqual({
    ok: false,
    problems: [
      {
        path: ["policies", 0, "listen", 1],
        code: "listener",
        message: `127.0.0.1:${taken} cannot be bound: the port is taken by another program: stop it, or choose another port`,
      },
    ],
  });
  expect(await accepts(before)).toBe(true);
  expect(await accepts(third)).toBe(false);
});

test("a new policy governs the next transaction of a running session, which is not cut", async () => {
  const place = await makeListeners();
  const port = await freePort();
  await apply(place, 1, { ports: [port] });
  const client = await LineClient.connect(port);
  await client.hears("220 ready");
  await apply(place, 2, { ports: [port, await freePort()] });
  expect(place.admissions[0]?.resolve()?.revision).toBe(2);
  expect(place.admissions[0]?.governing.revision).toBe(1);
  expect(client.closed).toBe(false);
});

test("an address that is gone accepts nobody; its running session stays but no policy governs its next transaction", async () => {
  const place = await makeListeners();
  const [first, second] = [await freePort(), await freePort()];
  await apply(place, 1, { ports: [first] });
  const client = await LineClient.connect(first);
  await client.hears("220 ready");
  await apply(place, 2, { ports: [second] });
  expect(await accepts(first)).toBe(false);
  expect(await accepts(second)).toBe(true);
  expect(place.admissions[0]?.resolve()).toBeNull();
  expect(client.closed).toBe(false);
});

test("a wildcard gives way to one address of the same port, and is taken back when that cannot be bound", async () => {
  const place = await makeListeners();
  const [port, taken] = [await freePort(), await freePort()];
  await apply(place, 1, { ports: [port], address: "0.0.0.0" });
  const other = createServer().listen(taken, "127.0.0.1");
  onTestFinished(() => void other.close());
  expect(await apply(place, 2, { ports: [port, taken] })).toHaveLength(1);
  expect(place.listeners.status()).toMatchObject([{ address: "0.0.0.0", port }]);
  await (await LineClient.connect(port)).hears("220 ready");
  expect(await apply(place, 2, { ports: [port] })).toEqual([]);
  expect(place.listeners.status()).toMatchObject([{ address: "127.0.0.1", port }]);
  await (await LineClient.connect(port)).hears("220 ready");
});

test("a client that connects before the policy is in force waits for it; one that resets meanwhile harms nobody", async () => {
  const place = await makeListeners();
  const port = await freePort();
  const stage = await place.listeners.stage(compiled(smtpDocument({ ports: [port] })));
  const [early, reset] = [await LineClient.connect(port), await LineClient.connect(port)];
  reset.socket.resetAndDestroy();
  await reset.isClosed();
  if (stage.ok) stage.staged.commit(1);
  await early.hears("220 ready");
});

test("a source that no policy admits hears 554 5.7.1, and a session event tells why", async () => {
  const place = await makeListeners();
  const port = await freePort();
  await apply(place, 1, { ports: [port], sources: ["192.0.2.0/24"] });
  const client = await LineClient.connect(port);
  await client.hears("554 5.7.1 Connection refused\r\n");
  await client.isClosed();
  expect(place.recorder.events).toMatchObject([
    {
      kind: "session",
      interface: "External",
      client: { address: "127.0.0.1" },
      cause: "no policy admits this source",
      reply: "554 5.7.1 Connection refused",
    },
  ]);
});

test("a banned source hears 554 5.7.1 until the ban ends; others are served", async () => {
  const place = await makeListeners();
  const port = await freePort();
  await apply(place, 1, { ports: [port] });
  place.bans.ban("::ffff:127.0.0.2", { minutes: 1, reason: "test", by: "person" });
  await (await LineClient.connect(port, "127.0.0.1", "127.0.0.2")).hears("554 5.7.1");
  await (await LineClient.connect(port)).hears("220 ready");
});

test("connections past connectionsPerSourceMax hear 421 4.7.0, and a place is free again when one ends", async () => {
  const place = await makeListeners();
  const port = await freePort();
  await apply(place, 1, { ports: [port], limits: { connectionsPerSourceMax: 1, connectionsMax: 2 } });
  const first = await LineClient.connect(port);
  await first.hears("220");
  await (await LineClient.connect(port)).hears("421 4.7.0 Too many connections from your address");
  await (await LineClient.connect(port, "127.0.0.1", "127.0.0.2")).hears("220");
  await (await LineClient.connect(port, "127.0.0.1", "127.0.0.3")).hears("421 4.7.0 Too many connections, try");
  expect(place.recorder.events.map((event) => event.kind === "session" && event.cause)).toEqual([
    "connectionsPerSourceMax is reached",
    "connectionsMax of the listener is reached",
  ]);
  first.socket.destroy();
  await waitUntil("the place to be free", () => place.listeners.status()[0]?.connections === 1);
  await (await LineClient.connect(port)).hears("220");
});

test("connections past connectionsPerSourcePerMinuteMax hear 421 4.7.0, and ban the source where autoBan says so", async () => {
  const place = await makeListeners();
  const port = await freePort();
  const limits = { connectionsPerSourcePerMinuteMax: 1 };
  await apply(place, 1, { ports: [port], limits });
  await (await LineClient.connect(port)).hears("220");
  await (await LineClient.connect(port)).hears("421 4.7.0 Too many connections from your address in a minute");
  expect(place.bans.count).toBe(0);
  await apply(place, 2, { ports: [port], limits, settings: { autoBan: { on: ["rate"], minutes: 5 } } });
  const from = "127.0.0.2";
  await (await LineClient.connect(port, "127.0.0.1", from)).hears("220");
  await (await LineClient.connect(port, "127.0.0.1", from)).hears("421 4.7.0");
  await (await LineClient.connect(port, "127.0.0.1", from)).hears("554 5.7.1");
  expect(place.bans.list()).toMatchObject([
    { address: from, reason: "limit: connectionsPerSourcePerMinuteMax is reached", by: "limit" },
  ]);
  expect(place.recorder.events).toMatchObject([
    { policy: "In", cause: "connectionsPerSourcePerMinuteMax is reached" },
    { cause: "connectionsPerSourcePerMinuteMax is reached; the source is blocked for 5 minutes" },
    { policy: "", cause: "the source is blocked for a while" },
  ]);
});

test("drain stops accepting, asks sessions to end and resolves when they have", async () => {
  const place = await makeListeners();
  const port = await freePort();
  await apply(place, 1, { ports: [port] });
  const client = await LineClient.connect(port);
  await client.hears("220");
  await place.listeners.drain();
  await client.hears("421 4.3.2 bye");
  expect(await accepts(port)).toBe(false);
});

test("a listener that names a certificate which the worker does not have is a problem, and nothing changes", async () => {
  const place = await makeListeners();
  const [before, secure] = [await freePort(), await freePort()];
  await apply(place, 1, { ports: [before] });
  const document = smtpDocument({ ports: [secure] });
  for (const policy of document.policies) {
    for (const listen of policy.listen) {
      listen.tls = { mode: "required", certificates: ["mx"], profile: "intermediate" };
    }
  }
  expect(await place.listeners.stage(compiled(document))).toEqual({
    ok: false,
    problems: [
      {
        path: ["policies", 0, "listen", 0, "tls", "certificates", 0],
        code: "listener",
        message: 'this worker has no usable certificate "mx": name it in worker.yaml, or correct its files',
      },
    ],
  });
  expect(await accepts(secure)).toBe(false);
  expect(place.listeners.status().map(({ port }) => port)).toEqual([before]);
});

test("a connection that is refused hears nothing in the clear where TLS is implicit", async () => {
  const { certificate } = testCertificate("mx");
  const { listeners, bans } = await makeListeners({ findCertificate: () => certificate });
  const port = await freePort();
  const document = smtpDocument({ ports: [port] });
  for (const policy of document.policies) {
    for (const listen of policy.listen) {
      listen.tls = { mode: "implicit", certificates: ["mx"], profile: "intermediate" };
    }
  }
  const stage = await listeners.stage(compiled(document));
  if (!stage.ok) throw new Error(JSON.stringify(stage.problems));
  stage.staged.commit(1);
  bans.ban("127.0.0.1", { minutes: 1, reason: "test", by: "person" });
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  await once(socket, "close");
  expect(heard).toBe("");
});
