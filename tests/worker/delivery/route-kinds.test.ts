import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { AccessTokens } from "#worker/credentials/access-tokens.ts";
import { CredentialLogin } from "#worker/credentials/credential-login.ts";
import { Delivery } from "#worker/delivery/delivery.ts";
import { attemptsByDomainMax, attemptsPerDestinationMax } from "#worker/delivery/destination-pace.ts";
import { systemDns } from "#worker/upstream/mail-dns.ts";
import { MailExchangers } from "#worker/upstream/mail-exchangers.ts";
import type { SmtpPoolOptions } from "#worker/upstream/smtp-pool.ts";
import { authOptions } from "../../support/auth-server.ts";
import { dnsServer } from "../../support/dns-server.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { fakeServer, smtpRoute, testPool } from "../../support/upstream-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

async function startDelivery(route: SmtpRoute, poolOptions: Partial<SmtpPoolOptions>) {
  const { spool, recorder, services, suspended } = await makeWorkerParts();
  const pool = testPool(poolOptions);
  const delivery = new Delivery({
    queue: spool,
    spool,
    knownRecipients: services.knownRecipients,
    suspended,
    hostNameOf: () => "gw.example.test",
    pool,
    recorder,
    log: silentLog,
    newId: services.newId,
    now: Date.now,
    random: () => 0,
    findRoute: () => route,
  });
  pool.onRouteReached = (name) => delivery.routeReached(name);
  onTestFinished(() => delivery.stop());
  delivery.start();
  return { spool, recorder, pool, delivery, suspended };
}

function to(...addresses: string[]) {
  return addresses.map((address) => ({ address, parameters: [] }));
}

test("by MX each domain has its fate: delivered, failed for good, or waiting for its schedule, whatever the others do", async () => {
  const server = await fakeServer();
  const dns = await dnsServer({ "a.test": ["A 127.0.0.1"], "dead.test": ["A 127.0.0.2"] });
  const exchangers = new MailExchangers({
    dns: systemDns([dns.address], Date.now),
    now: Date.now,
    random: Math.random,
    port: server.port,
    isOurs: () => false,
  });
  const { spool, recorder } = await startDelivery(smtpRoute([], { lookup: "mx" }), { exchangers });
  const id = await queueMessage(spool, "x\r\n", {
    recipients: to("1@dead.test", "2@a.test", "3@gone.test", "4@dead.test"),
  });
  await waitUntil("the first attempt", () => recorder.events.length === 1);
  expect(recorder.events).toMatchObject([
    {
      kind: "delivery",
      result: "deferred",
      recipients: [
        { address: "1@dead.test", reply: expect.stringContaining("ECONNREFUSED") },
        { address: "2@a.test", reply: "250 2.0.0 queued" },
        { address: "3@gone.test", reply: expect.stringMatching(/^550 5\.1\.2/) },
        { address: "4@dead.test", reply: expect.stringContaining("ECONNREFUSED") },
      ],
    },
  ]);
  expect(spool.entry(id)).toMatchObject({ state: "deferred", attempts: 1, recipients: ["1@dead.test", "4@dead.test"] });
  for (let n = 0; n < 3; n++) await queueMessage(spool, "x\r\n", { recipients: to("b@a.test") });
  await waitUntil("the others", () => server.mails.length === 4);
  expect(spool.entry(id)).toMatchObject({ attempts: 1 });
});

test("by MX who has the message is noted at once, while another domain's server is still waited for", async () => {
  const server = await fakeServer();
  const held = new Set<Socket>();
  const silent = createServer((socket) => held.add(socket)).listen(server.port, "127.0.0.2");
  await once(silent, "listening");
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
    silent.close();
  });
  const dns = await dnsServer({ "a.test": ["A 127.0.0.1"], "silent.test": ["A 127.0.0.2"] });
  const exchangers = new MailExchangers({
    dns: systemDns([dns.address], Date.now),
    now: Date.now,
    random: Math.random,
    port: server.port,
    isOurs: () => false,
  });
  const route = smtpRoute([], { lookup: "mx", connectTimeoutMs: 60_000 });
  const { spool, pool } = await startDelivery(route, { exchangers });
  onTestFinished(() => pool.close());
  const id = await queueMessage(spool, "x\r\n", { recipients: to("1@silent.test", "2@a.test") });
  await waitUntil("the note", () => spool.record(id)?.outcomes === "pd");
  expect(spool.record(id)).toMatchObject({ state: "delivering" });
});

test("by MX a domain whose server is silent takes a few places only, and the others' mail goes on; connections are used again", async () => {
  const server = await fakeServer();
  const held = new Set<Socket>();
  const silent = createServer((socket) => held.add(socket)).listen(server.port, "127.0.0.2");
  await once(silent, "listening");
  onTestFinished(() => {
    for (const socket of held) socket.destroy();
    silent.close();
  });
  const dns = await dnsServer({ "a.test": ["A 127.0.0.1"], "silent.test": ["A 127.0.0.2"] });
  const exchangers = new MailExchangers({
    dns: systemDns([dns.address], Date.now),
    now: Date.now,
    random: Math.random,
    port: server.port,
    isOurs: () => false,
  });
  const route = smtpRoute([], { lookup: "mx", connectTimeoutMs: 60_000 });
  const { spool, delivery, pool } = await startDelivery(route, { exchangers });
  onTestFinished(() => pool.close());
  spool.setRoutesByDomain(new Set(["inside"]));
  const queued: Promise<string>[] = [];
  for (let n = 0; n < attemptsByDomainMax + 20; n++)
    queued.push(queueMessage(spool, "x\r\n", { recipients: to(`${n}@silent.test`) }));
  for (let n = 0; n < 30; n++) queued.push(queueMessage(spool, "x\r\n", { recipients: to(`${n}@a.test`) }));
  await Promise.all(queued);
  await waitUntil("the others' mail", () => server.mails.length === 30);
  const silentOne = delivery.destinations(spool.counts()).find(({ destination }) => destination === "silent.test");
  expect(silentOne).toMatchObject({ attempts: attemptsPerDestinationMax.mx, queued: attemptsByDomainMax + 20 });
  expect(held.size).toBeLessThanOrEqual(attemptsPerDestinationMax.mx);
  expect(server.connections).toBeLessThanOrEqual(attemptsPerDestinationMax.mx);
});

test("of a route with a rate a destination takes that many in a minute, one at a time where it says so; the others wait for the next", async () => {
  const server = await fakeServer();
  const route = smtpRoute([server], { messagesPerMinute: 3, concurrencyMax: 1 });
  const { spool, delivery, pool } = await startDelivery(route, {});
  onTestFinished(() => pool.close());
  await Promise.all(Array.from({ length: 5 }, () => queueMessage(spool, "x\r\n")));
  const paced = { destination: "inside", queued: 2, isPaced: true, attempts: 0, cause: null };
  await waitUntil("this minute's messages", () => delivery.destinations(spool.counts())[0]?.queued === 2);
  await waitUntil("the last attempt's end", () => delivery.destinations(spool.counts())[0]?.attempts === 0);
  expect(delivery.destinations(spool.counts())).toMatchObject([paced]);
  expect(server.mails).toHaveLength(3);
  expect(server.connections).toBe(1);
});

test("by MX only the suspended domain of a message waits: the others' recipients have it", async () => {
  const server = await fakeServer();
  const dns = await dnsServer({ "a.test": ["A 127.0.0.1"], "b.test": ["A 127.0.0.1"] });
  const exchangers = new MailExchangers({
    dns: systemDns([dns.address], Date.now),
    now: Date.now,
    random: Math.random,
    port: server.port,
    isOurs: () => false,
  });
  const { spool, delivery, suspended } = await startDelivery(smtpRoute([], { lookup: "mx" }), { exchangers });
  spool.setRoutesByDomain(new Set(["inside"]));
  const b = { route: "inside", destination: "b.test", by: "Mara", since: new Date().toISOString() };
  await suspended.suspend(b);
  const alone = await queueMessage(spool, "x\r\n", { recipients: to("1@b.test") });
  const id = await queueMessage(spool, "x\r\n", { recipients: to("1@a.test", "2@b.test") });
  await waitUntil("the first of its recipients", () => spool.entry(id)?.destination === "b.test");
  expect(server.mails.map(({ lines }) => lines[1])).toEqual(["RCPT TO:<1@a.test>"]);
  await suspended.resume(b);
  delivery.resumed();
  await spool.command(id, "retry-now");
  await waitUntil("the queue to be empty", () => spool.entry(id) === null && spool.entry(alone) === null);
  expect(server.mails).toHaveLength(3);
});

test("mail that waits for a login goes when the credential is put right, long before its schedule", async () => {
  const { options, logins } = authOptions({ user: "gate", password: "right", mechanisms: ["PLAIN"] });
  const server = await fakeServer(options);
  let credential: Credential = { kind: "password", name: "hub", user: "gate", password: "wrong" };
  const store = { get: () => credential };
  const tokens = new AccessTokens({ now: Date.now, renewed: () => undefined });
  const route = smtpRoute([server], { credential: "hub", tls: { mode: "none" }, retrySchedule: "1h*100" });
  const { spool, recorder, pool } = await startDelivery(route, {
    login: (name, allowsClearText) => new CredentialLogin({ credential: name, allowsClearText, store, tokens }),
  });
  const id = await queueMessage(spool, "x\r\n");
  await waitUntil("the first attempt", () => recorder.events.length === 1);
  expect(spool.entry(id)).toMatchObject({ state: "deferred", lastReply: expect.stringContaining("535 5.7.8") });
  expect(logins).toEqual(["PLAIN wrong"]);
  credential = { ...credential, password: "right" };
  pool.credentialChanged("hub");
  await waitUntil("the message", () => server.mails.length === 1);
  expect(logins).toEqual(["PLAIN wrong", "PLAIN right"]);
});
