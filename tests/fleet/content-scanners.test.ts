import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { noVerdict } from "#core/contract/scanner.ts";
import { unreachableMemoryMs } from "#worker/scanners/queued-scanner.ts";
import { ScannerSet } from "#worker/scanners/scanner-set.ts";
import { stuffed } from "../support/fake-pop3-server.ts";
import { contentOf } from "../support/kept-content.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { requires, requiresUnpackedFiles } from "../support/requires.ts";
import { type ScannerInput, scannerSettings } from "../support/scanned.ts";
import { eicar, eicarName, gtube, type ScannerServer, startClamd, startRspamd } from "../support/scanner-servers.ts";
import { smallZip } from "../support/small-zip.ts";
import { closeRigs, smtpRig } from "../support/smtp-rig.ts";
import { silentLog } from "../support/worker-parts.ts";
import { type SmtpClient, smtpClients } from "./clients/smtp-clients.ts";

afterEach(closeRigs);

const envelope = { sender: "ann@outside.test", recipient: "bob@inside.test" };

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join("");

/** As it is written in RFC 2045. */
const base64 = (bytes: Uint8Array) =>
  (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");

// Packed twice: its bytes are to be seen by who unpacks both.
const zip = smallZip("eicar.com.gz", gzipSync(Buffer.from(eicar, "latin1")));

/** Its parts: 1 the text, 2 the message inside, 3 the text inside, 4 the zip. */
const infected = {
  before: lines(
    "From: Ann <ann@outside.test>",
    "To: bob@inside.test",
    "Subject: Fwd: the invoice",
    "Date: Fri, 27 Nov 2026 20:00:00 +0000",
    "Message-ID: <outer@outside.test>",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="outer"',
    "",
    "for readers of old",
    "--outer",
    "Content-Type: text/plain",
    "",
    "See below.",
    ".a line with a dot",
    "--outer",
    "Content-Type: message/rfc822",
    "",
    "From: eve@elsewhere.test",
    "Subject: the invoice",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="inner"',
    "",
    "--inner",
    "Content-Type: text/html",
    "",
    "<p>Please pay.</p>",
    "--inner",
  ),
  part: lines(
    'Content-Type: application/zip; name="invoice.zip"',
    'Content-Disposition: attachment; filename="invoice.zip"',
    "Content-Transfer-Encoding: base64",
    "",
    base64(zip),
  ),
  after: lines("--inner--", "", "--outer--", "the end"),
};
const infectedText = infected.before + infected.part + infected.after;

const mail = (body: string) =>
  lines(
    "From: Ann <ann@outside.test>",
    "To: bob@inside.test",
    "Subject: hello",
    "Date: Fri, 27 Nov 2026 20:00:00 +0000",
    "Message-ID: <1@outside.test>",
    "",
    body,
    ".. and dots",
    ".",
  );

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
