import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Evidence } from "#core/contract/decision.ts";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { RuleLook, Simulated } from "#core/contract/simulation.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import type { ToldStep } from "#core/policy/tell.ts";
import type { SessionServices } from "#worker/services.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { offTheWire, onTheWire } from "#worker/simulate/wire-text.ts";
import { firstBytes } from "#worker/spool/first-bytes.ts";
import { changedMessage } from "../support/changed-message.ts";
import { contentParts } from "../support/content-parts.ts";
import { expectSame, replayedEvent } from "../support/replayed.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../support/smtp-rig.ts";
import { sendTried, type TriedMail, triedMail } from "../support/tried-mail.ts";
import { compiledWhole, triedDns, triedDocument, triedPolicy } from "../support/tried-policy.ts";
import { makeWorkerParts } from "../support/worker-parts.ts";

type Told = MessageEvent | SessionEvent;

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));
const runs = 150;
const senderDns = triedDns();

let rig: SmtpRig;
beforeAll(async () => {
  const answer = (line: string) => (/^(MAIL|RCPT) /.test(line) ? "250 2.0.0 OK" : undefined);
  rig = await smtpRig({ parts: { senderDns } }, { answer, answerBody: () => "250 2.0.0 OK" });
});
afterAll(closeRigs);

test(`a random message under a random policy fares over sockets, in the simulator and judged again alike: decision, trace, replies and bytes (POSTERN_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const parts = await makeWorkerParts();
  const services = { ...parts.services, content: contentParts({ senderDns }) };
  const seen = new Seen();
  await fc.assert(
    fc.asyncProperty(triedPolicy, triedMail, async (policy, mail) => {
      const document = triedDocument(rig.upstream.port, policy);
      const compiled = compiledWhole(document);
      const before = rig.upstream.mails.length;
      const told = await sendTried(rig.gateway, compiled, mail);
      const relayed = rig.upstream.mails.slice(before).map(({ body }) => unstuffed(body));
      const sent = [...relayed, ...(await emptiedQueue())].map(withoutIds);

      const { simulated, beside } = await simulation(services, document, mail, told[0]?.at ?? new Date().toISOString());
      expect(simulated.events.map(comparable)).toEqual(told.map(comparable));
      const given = offTheWire(onTheWire(Buffer.from(mail.text, "latin1")));
      const copies = simulated.copies.map(({ change }) =>
        change === null ? mail.text : changedMessage(given, change),
      );
      const shown = copies.map(withoutIds);
      const isCut = (n: number) => (simulated.copies[n]?.change?.omitted ?? 0) > 0;
      expect(shown).toEqual(sent.map((bytes, n) => (isCut(n) ? bytes.slice(0, shown[n]?.length) : bytes)));
      expect(beside.events.map(({ decision }) => decidedIn(decision))).toEqual(
        told.map(({ decision }) => decidedIn(decision)),
      );
      if (told.length > 0) expectSameLooks(simulated.rules, told);

      const events = told.filter((event) => event.kind === "message");
      for (const [index, event] of events.entries()) expectSameReplay(event, compiled, index > 0, seen);
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  expect(seen.lacking).toEqual([]);
});

async function simulation(
  services: SessionServices,
  document: PolicyDocument,
  { text, ...client }: TriedMail,
  at: string,
): Promise<{ simulated: Simulated; beside: Simulated }> {
  const input = { interface: "External", port: null, client: "127.0.0.1", tls: false, user: null, at, ...client };
  const message = Buffer.from(text, "latin1").toString("base64");
  const policy = { document, revision: 1 };
  const trials = [{ input, message, full: true }];
  const answer = await simulate({ ...policy, beside: policy, trials, ask: { dns: true, scanners: true } }, services);
  const [simulated, beside] = [answer.simulated[0], answer.beside?.[0]];
  if (simulated === undefined || beside === undefined) throw new Error("no answer");
  return { simulated, beside };
}

const decidedIn = (decision: Told["decision"]) => [decision?.verdict, decision?.ruleName];

/** A rule that had its turn stands in the trace with what the simulator saw, and one that had not does not. */
function expectSameLooks(looks: readonly RuleLook[], told: readonly Told[]): void {
  const steps = told.flatMap(({ decision }) => decision?.trace ?? []);
  for (const { stage, ruleId, ruleName, matched, reached, evidence } of looks) {
    // Of a greeting that was let pass no event tells.
    if (stage === "greeting" && !told.some(({ kind }) => kind === "session")) continue;
    const own = steps.filter((step) => step.ruleId === ruleId && step.stage === stage);
    const found = own.map((step) => ({ ruleName, matched: step.matched, evidence: step.evidence }));
    // The trace tells of recipients who were taken before those who were refused, the simulator of the first.
    const wanted = stage === "recipient" ? expect.any(Array) : evidence;
    if (reached) expect(found).toContainEqual({ ruleName, matched, evidence: wanted });
    else expect(found).toEqual([]);
  }
}

function expectSameReplay(event: MessageEvent, policy: CompiledPolicy, isCopy: boolean, seen: Seen): void {
  const again = replayedEvent(event, policy, policy);
  const { judged, replayed, steps } = again;
  seen.add(event, again);
  if (judged.limited) expect(replayed).toMatchObject({ why: "a limit or a fault refused it, not a rule" });
  else expectSame(again, event.decision, policy, isCopy);
  if (replayed.kind === "decided" || judged.limited) return;
  const unsure = steps.findLast(({ matched }) => matched === null);
  expect(replayed.rule?.name).toBe(unsure?.ruleName);
  expect(replayed.why).toMatch(/^it asks for the (text|link|header value|subject)/);
}

/** What the messages were like: without a good share of each nothing much would be compared. */
class Seen {
  readonly #messages = { all: 0, decided: 0, unsure: 0 };
  readonly #steps = { matched: 0, failed: 0, unsaid: 0, unobserved: 0 };
  readonly #verdicts = new Set<string>();
  readonly #facts = new Set<string>();
  readonly #ways = { rewritten: 0, overLimit: 0, zipped: 0, headerChanged: 0 };

  add(event: MessageEvent, { replayed, steps, judged }: ReturnType<typeof replayedEvent>): void {
    const { decision, envelopeChanges = [], recipients, content } = event;
    this.#messages.all++;
    if (envelopeChanges.length > 0) this.#ways.rewritten++;
    // RFC 5321 §4.5.3.1.10
    if (recipients.some(({ reply }) => reply?.startsWith("452 4.5.3"))) this.#ways.overLimit++;
    if (decision.trace.some(({ evidence }) => evidence.some(sawArchive))) this.#ways.zipped++;
    if (content?.changes.some(({ what }) => what.includes("X-Secret") || what.includes("Subject")))
      this.#ways.headerChanged++;
    if (replayed.kind === "decided") this.#messages.decided++;
    else if (!judged.limited) this.#messages.unsure++;
    this.#verdicts.add(decision.verdict);
    for (const step of steps) this.#addStep(step);
  }

  /** What there was too little of, with the figures. */
  get lacking(): string[] {
    const { all, decided, unsure } = this.#messages;
    const { matched, failed, unsaid, unobserved } = this.#steps;
    const enough = {
      messages: all > runs * 0.7,
      decided: decided > all * 0.8,
      unsure: unsure > 0,
      matched: matched > runs * 0.7,
      failed: failed > runs * 0.7,
      observed: matched + failed - unobserved > (matched + failed + unsaid) * 0.9,
      verdicts: this.#verdicts.size > 5,
      facts: this.#facts.size > 20,
      ways: Object.values(this.#ways).every((count) => count > 0),
    };
    const figures = JSON.stringify([this.#messages, this.#steps, this.#ways, [...this.#facts]]);
    return Object.entries(enough).flatMap(([what, isEnough]) => (isEnough ? [] : [`${what}: ${figures}`]));
  }

  #addStep({ matched, evidence }: ToldStep): void {
    if (matched === null) this.#steps.unsaid++;
    else this.#steps[matched ? "matched" : "failed"]++;
    if (matched !== null && evidence === null) this.#steps.unobserved++;
    for (const { fact } of evidence ?? []) this.#facts.add(fact);
  }
}

function sawArchive({ fact, observed }: Evidence): boolean {
  return fact === "archiveEntry" && observed !== "";
}

/** What may differ: ids, times, ports, and what only a real server can say. */
const differing: ReadonlySet<string> = new Set([
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
]);
const ids = /\b01[0-9A-Z]{24}(?:-\d+)?\b/g;

function comparable(event: Told): unknown {
  const text = JSON.stringify(event, (key, value: unknown) => (differing.has(key) ? undefined : value));
  return JSON.parse(text.replace(/\\"port\\":\d+/, "").replaceAll(ids, "ID"));
}

function withoutIds(mail: string): string {
  return mail.replaceAll(ids, "ID").replace(/^Received:[^\r]*(?:\r\n\t[^\r]*)*\r\n/, "");
}

function unstuffed(body: string): string {
  return body.replace(/(^|\r\n)\./g, "$1");
}

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
