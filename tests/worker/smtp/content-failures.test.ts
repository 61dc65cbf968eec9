import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { InspectionMemory } from "#worker/scan/inspection-memory.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { type ScannerInput, testScanner } from "../../support/scanned.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const message = [
  "Subject: two files",
  "Content-Type: multipart/mixed; boundary=b",
  "",
  "--b",
  "Content-Type: text/plain; name=one.txt",
  "",
  "first",
  "--b",
  "Content-Type: text/plain; name=two.txt",
  "",
  "second",
  "--b--",
  "",
].join("\r\n");

const virus = (action: unknown) => ({
  attachment: { rules: [{ name: "malware", when: { virus: { like: "*" } }, action }] },
});

/** A clamd that finds what `says` says of each content. */
async function clamd(says: (content: string) => string | null) {
  const served: number[] = [];
  return await FakeScanner.start((heard, connection) => {
    if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
    if (!heard.endsWith("\0\0\0\0")) return null;
    const verdict = says(heard);
    if (verdict === null) return null;
    served[connection] = (served[connection] ?? 0) + 1;
    return `${served[connection]}: stream: ${verdict}\0`;
  });
}

async function rig(input: Omit<ScannerInput, "kind">, options: Parameters<typeof smtpRig>[0] = {}) {
  const settings = { kind: "clamd", name: "av", ...input } as const;
  const scanner = testScanner(settings);
  return await smtpRig({
    document: { scanners: [settings] },
    content: { scanners: ["av"], ...options.content },
    parts: { scanners: { get: () => scanner }, ...options.parts },
    rulesets: options.rulesets ?? virus("deny"),
  });
}

describe("a scanner", () => {
  test("that finds malware in a part makes the rule match, and the event tells the part", async () => {
    const { at } = await clamd((content) => (content.includes("second") ? "Eicar FOUND" : "OK"));
    const { upstream, gateway, client } = await rig({ at });
    expect(await client.mail(message)).toMatch(/^550/);
    expect(upstream.mails).toHaveLength(0);
    const [event] = gateway.messages;
    expect(event?.decision).toMatchObject({ ruleName: "malware", evidence: [{ fact: "virus", observed: "Eicar" }] });
    expect(event?.content?.scans).toMatchObject([
      { scanner: "av", part: 1, result: "clean" },
      { scanner: "av", part: 2, result: "found", detail: "Eicar" },
    ]);
  });

  test("is waited for: the last part is decided after the first, whichever answer comes first", async () => {
    let isSecondAsked = false;
    const scanner = await clamd((content) => {
      if (content.includes("second")) isSecondAsked = true;
      return content.includes("second") || isSecondAsked ? "Worm FOUND" : null;
    });
    const rules = [
      { name: "of the first", when: { fileName: { is: "one.txt" }, virus: { like: "*" } }, action: "deny" },
      { name: "of the second", when: { virus: { like: "*" } }, action: "deny" },
    ];
    const { gateway, client } = await rig(
      { at: scanner.at, timeLimitMs: 3000 },
      { rulesets: { attachment: { rules } } },
    );
    await client.open();
    client.send(`${message}.\r\n`);
    await waitUntil("the second is asked", () => isSecondAsked);
    // What it held back of the first is asked for by nothing more: it answers when its connection says so.
    scanner.say("1: stream: Worm FOUND\0");
    expect(await client.reply()).toMatch(/^550/);
    expect(gateway.messages[0]?.decision.ruleName).toBe("of the first");
  });

  test.each([
    ["tempfail", /^451 4\.7\.1/, null],
    ["pass", /^250/, null],
    ["match", /^550/, "no verdict"],
  ] as const)("that is not there: %s", async (onFailure, reply, observed) => {
    const { upstream, gateway, client } = await rig({ at: { host: "127.0.0.1", port: 1 }, onFailure });
    expect(await client.mail(message)).toMatch(reply);
    expect(upstream.mails).toHaveLength(onFailure === "pass" ? 1 : 0);
    const [event] = gateway.messages;
    expect(event?.content?.scans[0]).toMatchObject({
      result: "failed",
      detail: expect.stringContaining("unreachable"),
    });
    if (observed !== null) expect(event?.decision.evidence[0]?.observed).toBe(observed);
    if (onFailure === "tempfail") expect(event?.cause).toContain("the scanner av gave no verdict");
  });

  test("that the policy names and this worker has not makes the message wait", async () => {
    const { client } = await rig(
      { at: { host: "127.0.0.1", port: 1 } },
      { parts: { scanners: { get: () => undefined } } },
    );
    expect(await client.mail(message)).toMatch(/^451 4\.7\.1/);
  });

  test("is not asked about a part that is too large to be looked into: it gave no verdict", async () => {
    const { at } = await clamd(() => "OK");
    const { gateway, client } = await rig({ at }, { content: { inspectedPartBytesMax: 65_536 } });
    const large = message.replace("second", `${"x".repeat(900)}\r\n`.repeat(80));
    expect(await client.mail(large)).toMatch(/^451/);
    expect(gateway.messages[0]?.content?.scans).toMatchObject([
      { result: "failed", detail: expect.stringContaining("too-large") },
    ]);
  });

  test("that is slow is not waited for past verdictTimeoutMs", async () => {
    const { at } = await clamd(() => null);
    const { gateway, client } = await rig({ at, timeLimitMs: 60_000 }, { content: { verdictTimeoutMs: 1000 } });
    expect(await client.mail(message)).toMatch(/^451 4\.7\.1/);
    expect(gateway.messages[0]).toMatchObject({ outcome: "refused", cause: "no verdict within 1000 ms" });
  });

  test("whose client leaves while it thinks costs nothing more", async () => {
    const { at } = await clamd(() => null);
    const { gateway, client } = await rig({ at, timeLimitMs: 60_000 });
    await client.open();
    client.send(`${message}.\r\n`);
    await waitUntil("parts are looked into", () => gateway.content.memory.bytes > 0);
    client.socket.resetAndDestroy();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    expect(gateway.content.memory.bytes).toBe(0);
    expect(gateway.messages[0]?.outcome).toBe("aborted");
  });
});

describe("memory for parts", () => {
  test("that is used up makes the message wait, and is given back", async () => {
    const { at } = await clamd(() => "OK");
    const memory = new InspectionMemory(40_000);
    const { gateway, client } = await rig({ at }, { parts: { memory } });
    const large = message.replace("second", `${"x".repeat(900)}\r\n`.repeat(80));
    expect(await client.mail(large)).toMatch(/^451 4\.7\.1/);
    expect(gateway.messages[0]?.cause).toContain("no memory");
    expect(memory.bytes).toBe(0);
    expect(await client.mail(message, { hello: false })).toMatch(/^250/);
  });
});

describe("the quarantine", () => {
  const rulesets = { message: { rules: [{ name: "all", action: "quarantine" }] } };

  test("whose disk fails keeps nothing and the client keeps the message", async () => {
    const { upstream, gateway, client } = await smtpRig({ rulesets });
    // A file in the place of its folder.
    const folder = join(gateway.folder, "quarantine");
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    expect(await client.mail(message)).toMatch(/^451 4\.3\.0/);
    expect(upstream.mails).toHaveLength(0);
    expect(gateway.messages[0]).toMatchObject({ outcome: "aborted", cause: expect.stringContaining("the quarantine") });
    expect([...gateway.quarantine.ids()]).toEqual([]);
    rmSync(folder);
  });
});

describe("copies for recipients that rules treat differently", () => {
  test("are changed, kept and refused each by itself, all through the spool", async () => {
    const to = (address: string) => ({ recipient: { is: address } });
    const { upstream, gateway, client } = await smtpRig({
      settings: { recipientsDiffer: "split" },
      rulesets: {
        message: {
          rules: [
            { name: "tagged", when: to("a@inside.test"), action: { modify: { tag: "[A]" } } },
            { name: "kept", when: to("b@inside.test"), action: "quarantine" },
            { name: "refused", when: to("c@inside.test"), action: "deny" },
          ],
        },
      },
    });
    const recipients = ["a@inside.test", "b@inside.test", "c@inside.test", "d@inside.test"];
    expect(await client.mail(message, { recipients })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(0);
    const outcomes = gateway.messages.map(({ recipients: named, outcome }) => [named[0]?.address, outcome]);
    expect(Object.fromEntries(outcomes)).toEqual({
      "a@inside.test": "spooled",
      "b@inside.test": "quarantined",
      "c@inside.test": "refused",
      "d@inside.test": "spooled",
    });
    const kept = [...gateway.quarantine.ids()].map((id) => gateway.quarantine.entry(id)?.recipients);
    expect(kept).toEqual([["b@inside.test"]]);
    const queued = [...gateway.spool.ids()].map((id) => gateway.spool.entry(id));
    expect(queued.map((entry) => `${entry?.recipients[0]} ${entry?.state}`).toSorted()).toEqual([
      "a@inside.test ready",
      "c@inside.test failed",
      "d@inside.test ready",
    ]);
  });
});

test("a copy that is discarded goes nowhere while another goes on", async () => {
  const { gateway, client } = await smtpRig({
    settings: { recipientsDiffer: "split" },
    rulesets: {
      message: { rules: [{ name: "gone", when: { recipient: { is: "a@inside.test" } }, action: "discard" }] },
    },
  });
  expect(await client.mail(message, { recipients: ["a@inside.test", "b@inside.test"] })).toMatch(/^250/);
  expect(gateway.messages.map(({ outcome }) => outcome).toSorted()).toEqual(["discarded", "spooled"]);
  const queued = [...gateway.spool.ids()].map((id) => gateway.spool.entry(id)?.recipients);
  expect(queued).toEqual([["b@inside.test"]]);
});

/** In groups, so that none waits long for its answer on a busy machine. */
async function inGroups<T, R>(all: readonly T[], take: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += 40) results.push(...(await Promise.all(all.slice(at, at + 40).map(take))));
  return results;
}

test("a thousand messages in flight are each changed and passed on, and nothing is left", {
  timeout: 120_000,
}, async () => {
  const { gateway, connect } = await smtpRig({
    delivery: "spool",
    limits: { connectionsMax: 2000, connectionsPerSourceMax: 2000 },
    rulesets: { message: { rules: [{ name: "tag", action: { modify: { tag: "[T]" } } }] } },
  });
  const half = message.length / 2;
  const clients = await inGroups(Array.from({ length: 1000 }), async () => {
    const client = await connect();
    await client.open();
    client.send(message.slice(0, half));
    return client;
  });
  await waitUntil("all are held", () => gateway.holdMemory.bytes === 1000 * Math.floor(half));
  const replies = await inGroups(clients, async (client) => {
    client.send(`${message.slice(half)}.\r\n`);
    return await client.reply();
  });
  expect(replies.filter((reply) => !reply.startsWith("250"))).toEqual([]);
  expect(gateway.messages.filter(({ content }) => content?.changes[0]?.what === "subject tagged [T]")).toHaveLength(
    1000,
  );
  expect(gateway.holdMemory.bytes).toBe(0);
});
