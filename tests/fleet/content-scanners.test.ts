import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { controlPaths, statusAnswerSchema } from "#core/contract/control-api.ts";
import { messageEventSchema } from "#core/contract/event.ts";
import { noVerdict } from "#core/contract/scanner.ts";
import { unreachableMemoryMs } from "#worker/scanners/queued-scanner.ts";
import { ScannerSet } from "#worker/scanners/scanner-set.ts";
import { dnsServer } from "../support/dns-server.ts";
import { stuffed } from "../support/fake-pop3-server.ts";
import { FakeSmtpServer } from "../support/fake-smtp-server.ts";
import { freePort } from "../support/free-port.ts";
import { contentOf } from "../support/kept-content.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { requires, requiresUnpackedFiles } from "../support/requires.ts";
import { type ScannerInput, scannerSettings } from "../support/scanned.ts";
import { base64, infected, infectedText, mail, zip } from "../support/scanned-mail.ts";
import { eicarName, gtube, type ScannerServer, startClamd, startRspamd } from "../support/scanner-servers.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { silentLog } from "../support/worker-parts.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { type SmtpClient, smtpClients } from "./clients/smtp-clients.ts";

afterEach(closeRigs);

const envelope = { sender: "ann@outside.test", recipient: "bob@inside.test" };

/** What the server got, dots as on the wire, from the first line of the sender's on. */
const below = (received: string) => received.slice(received.indexOf("From: "));

/** What stands in the place of the infected part; everything around it is as it came. */
function replacement(message: string): string {
  const [before, after] = [stuffed(infected.before), stuffed(infected.after)];
  expect(message.slice(0, before.length)).toBe(before);
  expect(message.slice(-after.length)).toBe(after);
  const given = message.slice(before.length, -after.length);
  expect(given).not.toContain(base64(zip).slice(0, 40));
  return given;
}

const malware = (action: unknown, when: unknown = { like: "*" }) => ({
  attachment: { rules: [{ name: "malware", when: { virus: when }, action }] },
});

/** What a gateway is given to ask these scanners, as a worker does; `skip`: milliseconds that pass for the scanners alone. */
function asking(...inputs: ScannerInput[]) {
  const scanners = inputs.map(scannerSettings);
  let skipped = 0;
  const set = new ScannerSet({ log: silentLog, now: () => Date.now() + skipped });
  set.apply(scanners);
  onTestFinished(() => set.close());
  const options = {
    document: { scanners },
    content: { scanners: scanners.map(({ name }) => name) },
    parts: { scanners: set },
  };
  const skip = (ms: number) => {
    skipped += ms;
  };
  return { set, options, skip };
}

function clientNamed(name: string): SmtpClient {
  const client = smtpClients.find((one) => one.name === name);
  if (client === undefined) throw new Error(`no client ${name}`);
  return client;
}

const nodemailer = clientNamed("nodemailer");

describe.skipIf(!requiresUnpackedFiles("clamd").met)("with a real clamd for parts", () => {
  let clamd: ScannerServer;
  beforeAll(async () => {
    clamd = await startClamd();
  });
  afterAll(() => clamd?.stop());

  const scanner = (rest: Partial<ScannerInput> = {}): ScannerInput => ({
    name: "av",
    kind: "clamd",
    at: { host: "127.0.0.1", port: clamd.port },
    ...rest,
  });
  const found = { scanner: "av", part: 4, result: "found", detail: eicarName };

  describe.each([nodemailer, clientNamed("swaks")])("malware in a zip in a message in a message of $name", (client) => {
    const clientTest = test.skipIf(!requires(client.programs).met);

    clientTest("is locked away: a notice is in its place, and the rest arrives byte for byte", async () => {
      const { options } = asking(scanner());
      const { upstream, gateway } = await smtpRig({ ...options, rulesets: malware("lock") });
      const outcome = await client.send({ port: gateway.port, ...envelope, text: infectedText });
      expect(outcome).toMatchObject({ sent: true });

      const [event] = gateway.messages;
      const id = `${event?.id}-4`;
      expect([...gateway.quarantine.ids()]).toEqual([id]);
      expect(await contentOf(gateway.quarantine, id)).toEqual(zip);
      expect(gateway.quarantine.entry(id)).toMatchObject({
        kind: "part",
        cause: "malware",
        malware: [eicarName],
        fileName: "invoice.zip",
        messageId: event?.id,
      });

      expect(upstream.mails).toHaveLength(1);
      const notice = replacement(below(upstream.mails[0]?.body ?? ""));
      expect(notice).toContain(id);
      expect(notice).toContain("invoice.zip");

      expect(event).toMatchObject({ outcome: "relayed", decision: { verdict: "strip", ruleName: "malware" } });
      expect(event?.content).toMatchObject({ quarantined: [id], changes: [{ part: 4, ruleName: "malware" }] });
      const findings = event?.content?.scans.filter(({ result }) => result !== "clean");
      expect(findings).toMatchObject([found]);
    });

    clientTest("keeps the whole message in quarantine, as it came, and its server hears nothing of it", async () => {
      const { options } = asking(scanner());
      const { upstream, gateway } = await smtpRig({ ...options, rulesets: malware("quarantine") });
      const outcome = await client.send({ port: gateway.port, ...envelope, text: infectedText });
      expect(outcome).toMatchObject({ sent: true });
      expect(upstream.mails).toEqual([]);
      const [event] = gateway.messages;
      const id = event?.id ?? "";
      expect(event).toMatchObject({ outcome: "quarantined", decision: { verdict: "quarantine", ruleName: "malware" } });
      expect(event?.content?.scans).toContainEqual(expect.objectContaining(found));
      expect([...gateway.quarantine.ids()]).toEqual([id]);
      expect(gateway.quarantine.entry(id)).toMatchObject({ kind: "message", cause: "malware", malware: [eicarName] });
      expect(below((await contentOf(gateway.quarantine, id)).toString("latin1"))).toBe(infectedText);
    });
  });

  test("the same message in a mailbox has the notice in RETR and in TOP, and is decided about as by SMTP", async () => {
    const { options } = asking(scanner());
    const started = await startPop3({ messages: [infectedText] }, { ...options, rulesets: malware("lock") });
    const { client, gate } = started;
    await client.login();
    const answer = (await client.answer("RETR 1")).replace(/^\+OK[^\r]*\r\n/, "");
    const [id = ""] = [...gate.quarantine.ids()];
    expect([...gate.quarantine.ids()]).toEqual([id]);
    expect(await contentOf(gate.quarantine, id)).toEqual(zip);
    expect(replacement(answer.slice(0, -".\r\n".length))).toContain(id);
    expect((await client.answer("TOP 1 1000")).replace(/^\+OK[^\r]*\r\n/, "")).toBe(answer);
    const event = messageEventSchema.parse(gate.events[0]);
    expect(event).toMatchObject({ outcome: "retrieved", decision: { verdict: "strip", ruleName: "malware" } });
    expect(event.content).toMatchObject({ quarantined: [id], changes: [{ part: 4, ruleName: "malware" }] });
    expect(event.content?.scans.filter(({ result }) => result !== "clean")).toMatchObject([found]);
  });

  test("TOP alone, asked for first, decides as RETR does", async () => {
    const { options } = asking(scanner());
    const started = await startPop3({ messages: [infectedText] }, { ...options, rulesets: malware("quarantine") });
    const { client, gate } = started;
    await client.login();
    const answer = await client.answer("TOP 1 1000");
    const [id = ""] = [...gate.quarantine.ids()];
    expect(answer).toContain(id);
    expect(answer).not.toContain("Please pay.");
    expect((await contentOf(gate.quarantine, id)).toString("latin1")).toBe(infectedText);
    expect((await client.answer("RETR 1")).replace(/^\+OK[^\r]*\r\n/, "")).toBe(answer.replace(/^\+OK[^\r]*\r\n/, ""));
  });

  test("clamd that is gone makes mail wait with 451, nothing is delivered, and it passes when clamd is back", async () => {
    let server = await startClamd();
    onTestFinished(() => server.stop());
    const { set, options, skip } = asking(scanner({ at: { host: "127.0.0.1", port: server.port } }));
    const { upstream, gateway } = await smtpRig({ ...options, rulesets: malware("lock") });
    const text = mail("nothing bad");
    const send = () => nodemailer.send({ port: gateway.port, ...envelope, text });

    await server.stop();
    const refused = await send();
    expect(refused).toMatchObject({ sent: false, heard: expect.stringMatching(/\b451\b/) });
    expect(upstream.mails).toEqual([]);
    expect([...gateway.quarantine.ids()]).toEqual([]);
    expect(gateway.messages[0]?.content?.scans).toMatchObject([{ scanner: "av", part: 1, result: "failed" }]);
    expect(set.statuses()).toMatchObject([{ scanner: "av", state: "failing", failuresLastHour: 1 }]);

    server = await startClamd([], server.port);
    skip(unreachableMemoryMs);
    const passed = await send();
    expect(passed).toMatchObject({ sent: true });
    expect(upstream.mails.map(({ body }) => below(body))).toEqual([stuffed(text)]);
    expect(set.statuses()).toMatchObject([{ scanner: "av", state: "up" }]);
  });

  test("clamd that is gone counts as malware without a verdict where the scanner says so", async () => {
    const server = await startClamd();
    const at = { host: "127.0.0.1", port: server.port };
    await server.stop();
    const { set, options } = asking(scanner({ at, onFailure: "match" }));
    const { upstream, gateway } = await smtpRig({ ...options, rulesets: malware("deny", { is: noVerdict }) });
    const outcome = await nodemailer.send({ port: gateway.port, ...envelope, text: mail("nothing bad") });
    expect(outcome).toMatchObject({ sent: false, heard: expect.stringMatching(/\b550\b/) });
    expect(upstream.mails).toEqual([]);
    const [event] = gateway.messages;
    const evidence = [{ fact: "virus", observed: noVerdict }];
    expect(event?.decision).toMatchObject({ verdict: "deny", ruleName: "malware", evidence });
    expect(set.statuses()).toMatchObject([{ state: "failing" }]);
  });
});

test.skipIf(!requiresUnpackedFiles("clamd").met)(
  "a whole worker tells in its status whether clamd answers, and which DNS list does not",
  { timeout: 60_000 },
  async () => {
    const clamd = await startClamd();
    onTestFinished(() => clamd.stop());
    const sink = await FakeSmtpServer.start();
    onTestFinished(() => sink.stop());
    const dns = await dnsServer({ "1.0.0.127.dead.test": ["SERVFAIL"] });
    const av = { name: "av", kind: "clamd", at: { host: "127.0.0.1", port: clamd.port } };
    const port = await freePort();
    const worker = await WorkerProcess.start({
      policy: JSON.stringify(policyOf(port, sink.port, av)),
      configuration: { nameServers: [dns.address] },
    });
    onTestFinished(() => worker.remove());
    const status = async () => {
      const headers = { authorization: `Bearer ${worker.token}` };
      const answer = await fetch(`${worker.controlUrl}${controlPaths.status}`, { headers });
      return statusAnswerSchema.parse(await answer.json());
    };
    const send = () => nodemailer.send({ port, ...envelope, text: mail("nothing bad") });

    expect(await status()).toMatchObject({ faults: [] });
    expect(await send()).toMatchObject({ sent: true });
    const [answered] = (await status()).scanners;
    expect(answered).toMatchObject({ scanner: "av", state: "up", version: expect.stringMatching(/^ClamAV \d/) });
    expect((await status()).faults).toEqual([expect.stringMatching(/^The DNS list dead\.test .*\(ESERVFAIL\)/)]);

    await clamd.stop();
    expect(await send()).toMatchObject({ sent: false, heard: expect.stringMatching(/\b451\b/) });
    expect(sink.mails).toHaveLength(1);
    const [gone] = (await status()).scanners;
    expect(gone).toMatchObject({ state: "failing", failuresLastHour: 1, lastError: expect.stringMatching(/refused/i) });
  },
);

/** What a worker runs alone: mail from `port` to the sink, through the scanner, from clients that `dead.test` does not list. */
function policyOf(port: number, sinkPort: number, scanner: Record<string, unknown>) {
  const listed = { name: "listed", when: { dnsblScore: { over: 0 } }, action: "deny" };
  const action = {
    ...{ name: "Mail in", protocol: "smtp", direction: "incoming" },
    content: { scanners: ["av"] },
    settings: { hostName: "gate.test", senderAuth: { dnsbls: ["dead.test"] } },
    rulesets: { ...malware("lock"), message: { rules: [listed] } },
  };
  const policy = {
    ...{ name: "In", protocol: "smtp", from: { interface: "External" }, proxyAction: "Mail in" },
    to: { interface: "External", route: "inside" },
    listen: [{ address: "127.0.0.1", port }],
  };
  return {
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: sinkPort }] }],
    scanners: [scanner],
    proxyActions: [action],
    policies: [policy],
  };
}

describe.skipIf(!requiresUnpackedFiles("rspamd").met)("with a real rspamd for messages", () => {
  let rspamd: ScannerServer;
  beforeAll(async () => {
    rspamd = await startRspamd();
  });
  afterAll(() => rspamd?.stop());

  const rejected = { name: "spam", when: { spamAction: { in: ["reject"] } }, action: "deny" };
  const rig = () => {
    const { options } = asking({ name: "spam filter", kind: "rspamd", at: { host: "127.0.0.1", port: rspamd.port } });
    return smtpRig({ ...options, rulesets: { message: { rules: [rejected] } } });
  };

  test("GTUBE hears 550, its server gets nothing, and the event tells score, action and symbol", async () => {
    const { upstream, gateway } = await rig();
    const outcome = await nodemailer.send({ port: gateway.port, ...envelope, text: mail(gtube) });
    expect(outcome).toMatchObject({ sent: false, heard: expect.stringMatching(/\b550\b/) });
    expect(upstream.mails).toEqual([]);
    const [event] = gateway.messages;
    const evidence = [{ fact: "spamAction", observed: "reject" }];
    expect(event).toMatchObject({ outcome: "refused", decision: { verdict: "deny", ruleName: "spam", evidence } });
    expect(event?.content?.scans).toMatchObject([
      { scanner: "spam filter", part: null, result: "scored", detail: "15 of 15, reject: GTUBE" },
    ]);
  });

  test("another message arrives byte for byte", async () => {
    const { upstream, gateway } = await rig();
    const text = mail("hello");
    const outcome = await nodemailer.send({ port: gateway.port, ...envelope, text });
    expect(outcome).toMatchObject({ sent: true });
    expect(upstream.mails.map(({ body }) => below(body))).toEqual([stuffed(text)]);
    expect(gateway.messages[0]?.content?.scans).toMatchObject([{ part: null, result: "scored" }]);
  });
});
