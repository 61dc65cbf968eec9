import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import type { SmtpStage } from "#core/contract/facts.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { firstBytes } from "#worker/spool/first-bytes.ts";
import { generatedMessage } from "../../support/generated-message.ts";
import { actionArbitrary } from "../../support/rule-arbitrary.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { SmtpClient } from "../../support/smtp-client.ts";
import { gatewayDocument } from "../../support/smtp-gateway.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

let rig: SmtpRig;
beforeAll(async () => {
  const answer = (line: string) => (/^(MAIL|RCPT) /.test(line) ? "250 2.0.0 OK" : undefined);
  rig = await smtpRig({}, { answer, answerBody: () => "250 2.0.0 OK" });
  rig.client.close();
});
afterAll(closeRigs);

/** Conditions that messages of the test often meet, and often do not. */
const conditions: Record<SmtpStage, readonly object[]> = {
  greeting: [{ helo: { is: "odd.test" } }, { clientAddress: { in: ["10.0.0.0/8"] } }],
  auth: [],
  sender: [
    { sender: { like: "*@sender.test" } },
    { senderDomain: { is: "other.test" } },
    { helo: { like: "client*" } },
  ],
  recipient: [
    { recipient: { is: "a@inside.test" } },
    { recipientDomain: { in: ["inside.test"] } },
    { none: [{ recipient: { like: "b*" } }] },
  ],
  header: [{ headerName: { is: "X-Secret" } }, { headerName: { is: "Subject" }, headerValue: { like: "*invoice*" } }],
  attachment: [{ fileName: { like: "*.exe" } }, { contentType: { is: "text/html" } }, { detectedType: { like: "*" } }],
  message: [
    { subject: { like: "*secret*" } },
    { attachmentCount: { over: 1 } },
    { any: [{ from: { like: "*boss*" } }, { messageBytes: { over: 2_000 } }] },
  ],
};

function ruleset(stage: SmtpStage): fc.Arbitrary<object> {
  const rule = fc.record({
    name: fc.uuid(),
    state: fc.constantFrom("on", "on", "observe", "off"),
    when: fc.constantFrom(...conditions[stage]),
    action: actionArbitrary("smtp", stage),
  });
  const noneMatched = fc.oneof(
    { weight: 4, arbitrary: fc.constant("allow") },
    { weight: 1, arbitrary: actionArbitrary("smtp", stage) },
  );
  return fc.record({ rules: fc.array(rule, { maxLength: 3 }), noneMatched: noneMatched.map((action) => ({ action })) });
}

const trial = fc.record({
  rulesets: fc.record(
    {
      greeting: ruleset("greeting"),
      sender: ruleset("sender"),
      recipient: ruleset("recipient"),
      header: ruleset("header"),
      attachment: ruleset("attachment"),
      message: ruleset("message"),
    },
    { requiredKeys: [] },
  ),
  helo: fc.constantFrom("client.test", "odd.test"),
  sender: fc.constantFrom("x@sender.test", "y@other.test", ""),
  recipients: fc.uniqueArray(fc.constantFrom("a@inside.test", "b@inside.test", "c@else.test"), { minLength: 1 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

type Told = MessageEvent | SessionEvent;

/** What may differ: ids, times, ports, and what only a real server can say. */
function comparable(event: Told) {
  const text = JSON.stringify(event, (key, value: unknown) => {
    if (
      [
        "id",
        "at",
        "durationMs",
        "port",
        "upstream",
        "upstreamReply",
        "messageIdReplacement",
        "connection",
        "ms",
        "steps",
      ].includes(key)
    )
      return undefined;
    return value;
  });
  return JSON.parse(text.replace(/\\"port\\":\d+/, "").replaceAll(/\b01[0-9A-Z]{24}(?:-\d+)?\b/g, "ID"));
}

const withoutIds = (mail: string) =>
  mail.replaceAll(/\b01[0-9A-Z]{24}(?:-\d+)?\b/g, "ID").replace(/^Received:[^\r]*(?:\r\n\t[^\r]*)*\r\n/, "");
const unstuffed = (body: string) => body.replace(/(^|\r\n)\./g, "$1");

/** What a split message left in the queue, in order; what was kept there as failed goes nowhere. */
async function emptiedQueue(): Promise<string[]> {
  const { spool } = rig.gateway;
  const mails: string[] = [];
  for (const id of [...spool.ids()].sort()) {
    const message = await spool.load(id);
    if (message !== null && spool.entry(id)?.state !== "failed")
      mails.push(Buffer.from(await firstBytes(message, 1_000_000)).toString("latin1"));
    await spool.command(id, "delete");
  }
  return mails;
}

async function send(
  port: number,
  { helo, sender, recipients }: { helo: string; sender: string; recipients: string[] },
  mail: string,
) {
  const client = await SmtpClient.connect(port);
  try {
    const said = async (line: string) => {
      client.send(`${line}\r\n`);
      return client.reply();
    };
    if (!(await said(`EHLO ${helo}`)).startsWith("250")) return;
    const eightBit = /[^\x00-\x7f]/.test(mail) ? " BODY=8BITMIME" : "";
    if (!(await said(`MAIL FROM:<${sender}>${eightBit}`)).startsWith("250")) return;
    let taken = 0;
    for (const recipient of recipients) {
      const reply = await said(`RCPT TO:<${recipient}>`);
      if (reply.startsWith("250")) taken++;
      if (reply === "closed") return;
    }
    if (taken === 0) return;
    if (!(await said("DATA")).startsWith("354")) return;
    await said(`${mail.replace(/(^|\r\n)\./g, "$1..")}.`);
  } finally {
    client.close();
    await waitUntil("the session ends", () => rig.gateway.openSessions === 0);
  }
}

test("a simulation decides, traces, answers and changes as the worker does over sockets", {
  timeout: 120_000,
}, async () => {
  const parts = await makeWorkerParts();
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(trial, async ({ rulesets, seed, ...client }) => {
      const document = gatewayDocument({ upstreamPorts: [rig.upstream.port], rulesets });
      const compiled = compilePolicy(document);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      const policy = compiled.policy.listeners[0]?.policies[0];
      if (policy === undefined) throw new Error("no policy");
      rig.gateway.governing = { policy, revision: 7 };
      const mail = generatedMessage(seededRandom(seed));
      const [before, sentBefore] = [rig.gateway.events.length, rig.upstream.mails.length];
      await send(rig.gateway.port, client, mail);
      const events = rig.gateway.events.slice(before);
      const told = events.filter((event) => event.kind === "message" || event.kind === "session");

      const [answer] = await simulate(
        {
          document,
          revision: 7,
          trials: [
            {
              input: {
                interface: "External",
                port: null,
                client: "127.0.0.1",
                tls: false,
                user: null,
                at: new Date().toISOString(),
                ...client,
              },
              message: Buffer.from(mail, "latin1").toString("base64"),
              full: true,
            },
          ],
          ask: { dns: true, scanners: true },
        },
        parts.services,
      );
      if (answer === undefined) throw new Error("no answer");
      expect(answer.events.map(comparable)).toEqual(told.map(comparable));
      const relayed = rig.upstream.mails.slice(sentBefore).map(({ body }) => unstuffed(body));
      const sent = [...relayed, ...(await emptiedQueue())].map(withoutIds);
      const shown = answer.copies.map(({ after }) => withoutIds(after ?? mail));
      expect(shown).toEqual(sent);
      if (told.some(({ decision }) => decision?.verdict !== "allow")) decided++;
    }),
    { numRuns: 250, endOnFailure: true, seed: Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000) },
  );
  // Otherwise it would compare nothing but messages that pass.
  expect(decided).toBeGreaterThan(50);
});
