import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type QuarantineEvent, quarantineEventSchema } from "#core/contract/event.ts";
import { type QuarantineCommandRequest, quarantineCommandRequestSchema } from "#core/contract/quarantine.ts";
import { decodeEncodedWords } from "#core/message/encoded-word.ts";
import { sourceOfBytes } from "#worker/quarantine/content-stream.ts";
import type { JudgeKept } from "#worker/quarantine/quarantine.ts";
import { QuarantineCommands } from "#worker/quarantine/quarantine-commands.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { keep, keepRequest, mailboxRequest } from "../../support/kept-content.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const message = "Subject: A subject\r\n\r\nThe text.\r\n";
const passes: JudgeKept = ({ content }, done) => done(null, { goes: true, content });

async function makeCommands(options: { judge?: JudgeKept; now?: () => number; freeBytesMin?: number } = {}) {
  const { judge = passes, now = Date.now } = options;
  const { services, quarantine, stateDir, recorder } = await makeWorkerParts(now);
  const spool = await SegmentSpool.open({
    stateDir,
    now,
    damaged: () => undefined,
    freeBytesMin: options.freeBytesMin ?? 0,
  });
  const judged: Parameters<JudgeKept>[0][] = [];
  const commands = new QuarantineCommands(quarantine, recorder, {
    spool,
    judge: (kept, done) => {
      judged.push(kept);
      judge(kept, done);
    },
    hostNameOf: (policy) => `${policy.toLowerCase()}.example.test`,
    newId: services.newId,
    now,
  });
  return {
    command: (id: string, change: Record<string, unknown>) => commands.command(id, request(id, change)),
    commands,
    quarantine,
    spool,
    judged,
    events: (): QuarantineEvent[] => recorder.events.map((event) => quarantineEventSchema.parse(event)),
    queued: () => queuedIn(spool),
  };
}

function request(id: string, change: Record<string, unknown>): QuarantineCommandRequest {
  return quarantineCommandRequestSchema.parse({ command: "release", ids: [id], by: "ann", ...change });
}

async function queuedIn(spool: SegmentSpool) {
  const loaded = await Promise.all(Array.from(spool.ids(), (id) => spool.load(id)));
  return await Promise.all(
    loaded
      .filter((one) => one !== null)
      .map(async ({ envelope, open }) => ({ envelope, text: (await buffer(open())).toString() })),
  );
}

test("a released message is in the queue under its own id, as it was kept, for its recipients and its route", async () => {
  const { command, quarantine, queued, events } = await makeCommands();
  const kept = keepRequest();
  const { id } = await keep(quarantine, message, kept);
  expect(await command(id, { reason: "It is wanted." })).toEqual({ done: true, reason: null });
  const { receivedAt: _at, ...envelope } = kept.envelope ?? {};
  expect(await queued()).toEqual([{ envelope: expect.objectContaining(envelope), text: message }]);
  expect(quarantine.entry(id)).toMatchObject({ state: "released", releasedTo: [] });
  expect(events()).toEqual([
    {
      kind: "quarantine",
      id: expect.any(String),
      at: expect.any(String),
      messageId: id,
      entryId: id,
      command: "release",
      recipients: [],
      by: "ann",
      reason: "It is wanted.",
    },
  ]);
});

test("it is judged again, with only the rule that kept it passed over", async () => {
  const { command, quarantine, judged } = await makeCommands();
  const { id } = await keep(quarantine, message, { ruleId: "rule-7" });
  await command(id, {});
  expect(judged).toMatchObject([
    { entry: { id }, passOver: "rule-7", malware: false, envelope: { sender: "ann@example.org" } },
  ]);
});

test("what the second look gives is what goes out", async () => {
  const judge: JudgeKept = (_kept, done) => done(null, { goes: true, content: sourceOfBytes(Buffer.from("changed")) });
  const { command, quarantine, queued } = await makeCommands({ judge });
  await command((await keep(quarantine, message)).id, {});
  expect(await queued()).toMatchObject([{ text: "changed" }]);
});

test.each<[string, JudgeKept]>([
  ["refuses", (_kept, done) => done(null, { goes: false, reason: "EICAR was found" })],
  ["fails", (_kept, done) => done(new Error("EICAR was found"), null)],
])("when the second look %s, it stays held and why is said", async (_what, judge) => {
  const { command, quarantine, spool, events } = await makeCommands({ judge });
  const { id } = await keep(quarantine, message);
  expect(await command(id, {})).toEqual({ done: false, reason: "EICAR was found" });
  expect([quarantine.entry(id)?.state, [...spool.ids()], events()]).toEqual(["held", [], []]);
});

test("released to one, then to the rest, then to nobody left; and again to one who is named", async () => {
  const { command, quarantine, queued, events } = await makeCommands();
  const { id } = await keep(quarantine, message);
  await command(id, { recipients: ["carol@example.test"] });
  expect(quarantine.entry(id)).toMatchObject({ state: "released", releasedTo: ["carol@example.test"] });
  await command(id, {});
  expect(quarantine.entry(id)).toMatchObject({ releasedTo: [] });
  expect(await command(id, {})).toEqual({ done: false, reason: "it was released to all of its recipients already" });
  expect(await command(id, { recipients: ["bob@example.test"] })).toMatchObject({ done: true });
  const sent = (await queued()).map(({ envelope }) => envelope.recipients.map(({ address }) => address));
  expect(sent).toEqual([["carol@example.test"], ["bob@example.test"], ["bob@example.test"]]);
  expect(new Set((await queued()).map(({ envelope }) => envelope.id)).size).toBe(3);
  expect(events().map(({ recipients }) => recipients)).toEqual([["carol@example.test"], [], ["bob@example.test"]]);
});

test("nobody gets it whom it was not addressed to", async () => {
  const { command, quarantine, spool } = await makeCommands();
  const { id } = await keep(quarantine, message);
  const recipients = ["bob@example.test", "eve@example.test"];
  expect(await command(id, { recipients })).toEqual({
    done: false,
    reason: "it was not addressed to eve@example.test",
  });
  expect([...spool.ids()]).toEqual([]);
});

test("malware goes only to who says so and why", async () => {
  const { command, quarantine, judged } = await makeCommands();
  const { id } = await keep(quarantine, message, { cause: "malware", malware: ["Eicar-Test"] });
  expect((await command(id, {})).reason).toBe("malware was found in it (Eicar-Test): releasing it takes a permission");
  expect((await command(id, { malware: true, reason: "  " })).reason).toBe("releasing malware takes a reason");
  expect(judged).toEqual([]);
  expect(await command(id, { malware: true, reason: "A sample for the lab." })).toMatchObject({ done: true });
  expect(judged).toMatchObject([{ malware: true }]);
});

test("a released part comes as the attachment of a message from the postmaster of its policy", async () => {
  const { command, quarantine, queued } = await makeCommands();
  const part = Buffer.from(Array.from({ length: 3_000 }, (_, n) => n % 256));
  const names = {
    fileName: "Rechnung für Ü.docm",
    contentType: "application/msword",
    subject: "Angebot\r\nBcc: x@y.test",
  };
  const { id } = await keep(quarantine, part, { kind: "part", cause: "attachment", ...names });
  expect(await command(id, {})).toMatchObject({ done: true });
  const [sent] = await queued();
  const text = sent?.text ?? "";
  expect(sent?.envelope).toMatchObject({
    sender: "",
    mailParameters: [],
    recipients: [{ address: "bob@example.test", parameters: [] }, { address: "carol@example.test" }],
  });
  const [head = "", ...bodies] = text.split(/\r\n--=_postern_[^\r\n]*/);
  expect(head).toMatch(/^From: Postmaster <postmaster@in\.example\.test>\r$/m);
  expect(head).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(head).not.toMatch(/^Bcc/im);
  expect(decodeEncodedWords(/^Subject: (.*)\r$/m.exec(head)?.[1] ?? "")).toBe("Released: Rechnung für Ü.docm");
  expect(bodies[1]).toContain("Content-Type: application/msword\r\n");
  expect(bodies[1]).toContain("filename*=utf-8''Rechnung%20f%C3%BCr%20%C3%9C.docm\r\n");
  expect(Buffer.from(bodies[1]?.split("\r\n\r\n")[1] ?? "", "base64").equals(part)).toBe(true);
  expect(text.split("\r\n").filter((line) => line.length > 998 || /[^\t\x20-\x7e]/.test(line))).toEqual([]);
});

test.each(["message/rfc822", "multipart/mixed", "x", "a/b; name=\r\nX: y", null])(
  "a part of type %j is sent as octets",
  async (contentType) => {
    const { command, quarantine, queued } = await makeCommands();
    const { id } = await keep(quarantine, "x", { kind: "part", contentType });
    await command(id, {});
    expect((await queued())[0]?.text).toContain("Content-Type: application/octet-stream\r\n");
  },
);

test("what lies in a mailbox is marked, and nothing is sent", async () => {
  const { command, quarantine, spool, judged } = await makeCommands();
  const { id, sha256 } = await keep(quarantine, message, mailboxRequest("bob"));
  expect(await command(id, { recipients: ["carol"] })).toMatchObject({ done: false });
  expect(await command(id, {})).toEqual({ done: true, reason: null });
  expect([quarantine.isReleased(sha256, "bob", []), [...spool.ids()], judged]).toEqual([true, [], []]);
  expect(await command(id, {})).toMatchObject({ done: false });
});

test("a deleted entry is gone with an event, and every later command says that it is not there", async () => {
  const { command, quarantine, events } = await makeCommands();
  const { id } = await keep(quarantine, message);
  expect(await command(id, { command: "delete", reason: "Spam." })).toEqual({ done: true, reason: null });
  expect(await command(id, {})).toEqual({ done: false, reason: "it is not in quarantine" });
  expect([quarantine.size, events().map(({ command: what, reason }) => [what, reason])]).toEqual([
    0,
    [["delete", "Spam."]],
  ]);
});

test("commands on one entry are carried out one after the other", async () => {
  const { command, quarantine, queued } = await makeCommands();
  const { id } = await keep(quarantine, message);
  const results = await Promise.all([
    command(id, {}),
    command(id, {}),
    command(id, { command: "delete" }),
    command(id, {}),
  ]);
  expect(results.map(({ done }) => done)).toEqual([true, false, true, false]);
  expect(await queued()).toHaveLength(1);
});

test("when its days are over it goes with an event, and what has days left stays", async () => {
  let now = Date.UTC(2026, 0, 5);
  const { commands, quarantine, events } = await makeCommands({ now: () => now });
  const [short, long] = [await keep(quarantine, message, { days: 2 }), await keep(quarantine, message, { days: 3 })];
  now += 2 * 24 * 60 * 60 * 1_000 - 1;
  await commands.expire();
  expect(quarantine.size).toBe(2);
  now += 1;
  await commands.expire();
  expect([...quarantine.ids()]).toEqual([long.id]);
  expect(events()).toMatchObject([{ entryId: short.id, command: "expire", by: "retention", reason: null }]);
});

test("content that is damaged is never sent, and the entry stays held", async () => {
  const judge: JudgeKept = ({ content }, done) =>
    done(null, {
      goes: true,
      content: {
        bytes: content.bytes,
        read: (target) => {
          target.piece(Buffer.from("half"));
          target.done(new Error("it was altered or cut off"));
          return { resume: () => undefined, stop: () => undefined };
        },
      },
    });
  const { command, quarantine, spool } = await makeCommands({ judge });
  const { id } = await keep(quarantine, message);
  expect(await command(id, {})).toEqual({ done: false, reason: "it was altered or cut off" });
  expect([quarantine.entry(id)?.state, [...spool.ids()], spool.writers]).toEqual(["held", [], 0]);
});

test("a spool without room is said, and it stays held", async () => {
  const { command, quarantine, judged } = await makeCommands({ freeBytesMin: Number.MAX_SAFE_INTEGER });
  const { id } = await keep(quarantine, message);
  expect((await command(id, {})).reason).toMatch(/make room/);
  expect([quarantine.entry(id)?.state, judged]).toEqual(["held", []]);
});
