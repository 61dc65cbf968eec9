import type { Action } from "#core/contract/action.ts";
import { stopsMessage, verdictOf } from "#core/contract/decision.ts";
import type { FactName, Facts, Stage } from "#core/contract/facts.ts";
import type { JudgedStep } from "#core/contract/judged-facts.ts";
import type { CompiledRuleset } from "./compile.ts";
import type { StageDecision } from "./decide.ts";
import { supersedes } from "./decision-record.ts";
import { openRule } from "./open-rule.ts";
import { endsSession, type PolicyPair, readdresses } from "./policy-pair.ts";
import type { JudgedMessage, Replayed } from "./replay.ts";
import type { ReplayTrace } from "./replay-trace.ts";
import { ReplayedContent } from "./replayed-content.ts";
import { ReplayedRecipients } from "./replayed-recipients.ts";
import { type ToldStep, tell, untold } from "./tell.ts";
import { unreadAction } from "./unread-message.ts";

type Deciding = Pick<StageDecision, "action" | "rule">;

const contentStages = ["header", "attachment", "message"] as const satisfies readonly Stage[];
const allowed: Deciding = { action: { kind: "allow" }, rule: null };
const cutShort = "it ended before everything was seen that rules ask about";

/** One message, judged again step by step as the worker does it. Used once. */
export class MessageReplay {
  readonly #pair: PolicyPair;
  readonly #message: JudgedMessage;
  readonly #trace: ReplayTrace | null;
  readonly #content: ReplayedContent;
  readonly #recipients: ReplayedRecipients;
  #known: Facts = {};
  /** Known facts of which readings are missing. */
  readonly #cut = new Set<FactName>();
  /** Facts that would be others now. */
  readonly #lost = new Set<FactName>();
  #deciding: Deciding | null = null;
  #lastStage: Stage | null = null;

  constructor(pair: PolicyPair, message: JudgedMessage, trace: ReplayTrace | null) {
    this.#pair = pair;
    this.#message = message;
    this.#trace = trace;
    this.#content = new ReplayedContent(pair, message.judged.looked);
    this.#recipients = new ReplayedRecipients(pair, message.at, message.judged.unasked === true);
  }

  result(): Replayed {
    const { steps, looked } = this.#message.judged;
    for (const step of steps) {
      const end = step.stage === null ? this.#know(step) : this.#ask(step.stage, step);
      if (end !== null) return end;
    }
    return looked === null ? this.#endOfEnvelope() : this.#endOfContent();
  }

  #know({ facts, cut = [], unread }: JudgedStep): Replayed | null {
    const isFirst = this.#lastStage === null && this.#known.clientAddress === undefined;
    this.#known = { ...this.#known, ...facts };
    for (const name of Object.keys(facts) as FactName[]) this.#cut.delete(name);
    for (const name of cut) this.#cut.add(name);
    if (isFirst && !this.#pair.sameGreeting) return this.#greeting();
    if (facts.recipientCount !== undefined) return this.#meetContent();
    return unread === undefined ? null : this.#unreadFromHere();
  }

  #greeting(): Replayed | null {
    const { clientAddress, helo, tls } = this.#known;
    const facts: Facts = { ...(clientAddress && { clientAddress }), ...(helo && { helo }), ...(tls && { tls }) };
    const steps = this.#steps();
    const { now } = this.#pair;
    const told = tell(now.rulesets.get("greeting"), "greeting", facts, this.#missing(), this.#message.at, steps);
    const goesOn = !("unknown" in told) && !stops(told.action);
    // A greeting that passes is no part of what is told of a message.
    if (goesOn) return null;
    this.#trace?.add(steps);
    return "unknown" in told ? unsaid(told.unknown, told.rule) : decided(told);
  }

  /** The recipients are known as a copy has them: those that are refused now are taken out. */
  #meetContent(): Replayed | null {
    const met = this.#recipients.met(this.#known);
    if (met === "unsaid") return unsaid("who could not get it with the others may get it alone now");
    if ("refusal" in met) return decided(met.refusal);
    this.#known = { ...this.#known, ...met.facts };
    if (met.isUnsure)
      for (const name of ["recipient", "recipientDomain", "recipientCount"] as const) this.#lost.add(name);
    const looked = this.#message.judged.looked ?? { header: false, attachment: false };
    this.#tellUnseen((["header", "attachment"] as const).filter((stage) => !looked[stage]));
    return null;
  }

  #unreadFromHere(): Replayed | null {
    const action = unreadAction(this.#pair.now);
    if (action === null) return null;
    if (!this.#content.looksAlike) return unsaid("it cannot be read in full, and other parts of it are looked at now");
    return this.#add({ action, rule: null });
  }

  #ask(stage: Stage, step: JudgedStep): Replayed | null {
    this.#lastStage = stage;
    const unlooked = stage === "attachment" || stage === "message" ? this.#unlooked(stage) : null;
    if (unlooked !== null) return unlooked;
    if (stage === "recipient" && this.#recipients.mayBeFull)
      return unsaid("it may have more recipients than are taken now");
    if (this.#isTooLarge(step)) return unsaid("it is larger than is taken now");
    const missing = this.#missing(step.cut);
    const facts = this.#content.told(stage, step, this.#with(step.facts), missing);
    const steps = this.#steps();
    const told = tell(this.#ruleset(stage, step), stage, facts, missing, this.#message.at, steps);
    const isRefused = stage === "recipient" && !("unknown" in told) && stops(told.action);
    if (isRefused) this.#trace?.addRefused(steps);
    else this.#trace?.add(steps);
    if ("unknown" in told) return unsaid(told.unknown, told.rule);
    if (stage === "sender" || stage === "recipient") this.#compare(stage, told, facts);
    if (stage === "sender" && told.action.kind === "copy") this.#recipients.noteCopy();
    if (stage === "recipient") this.#recipients.add(step, told);
    if (isRefused) return endsSession(told.action) ? this.#endOfEnvelope() : null;
    const end = this.#add(told);
    const isStuck = step.fixed === true && verdictOf(told.action.kind) === "strip";
    return end ?? (isStuck ? this.#add({ action: unreadAction(this.#pair.now) ?? allowed.action, rule: null }) : null);
  }

  #isTooLarge({ facts: { messageBytes = 0 } }: JudgedStep): boolean {
    return messageBytes > this.#pair.now.definition.limits.messageBytesMax;
  }

  /** Where a trace is wanted every rule is asked. */
  #ruleset(stage: Stage, { facts }: JudgedStep): CompiledRuleset | undefined {
    const { headerRules, now } = this.#pair;
    if (stage === "header" && this.#trace === null) return headerRules.of(facts);
    return now.rulesets.get(stage);
  }

  #steps(): ToldStep[] | null {
    return this.#trace === null ? null : [];
  }

  /** What follows in the steps is what the old policy made of it: other addresses, or the end of the session. */
  #compare(stage: "sender" | "recipient", told: Deciding, facts: Facts): void {
    if (!this.#pair.steers[stage]) return;
    const old = tell(this.#pair.before.rulesets.get(stage), stage, facts, this.#missing(), this.#message.at);
    const before = "unknown" in old ? null : old.action;
    if (before === null || endsSession(before)) this.#recipients.sessionEnded ||= !endsSession(told.action);
    if (!readdresses(told.action) && before !== null && !readdresses(before)) return;
    const isSame = JSON.stringify(told.action) === JSON.stringify(before);
    this.#recipients.noteReaddressing(isSame);
    if (stage === "sender" && !isSame) for (const name of ["sender", "senderDomain"] as const) this.#lost.add(name);
  }

  #with(own: Facts): Facts {
    const facts = { ...this.#known, ...own };
    for (const name of this.#lost) delete facts[name];
    return facts;
  }

  #missing(cut: readonly FactName[] = []): Map<FactName, readonly string[] | null> {
    const missing = new Map<FactName, null>();
    for (const name of this.#cut) missing.set(name, null);
    for (const name of this.#lost) missing.set(name, null);
    for (const name of cut) missing.set(name, null);
    return missing;
  }

  /** The end, when it stops the message. */
  #add(decision: Deciding): Replayed | null {
    if (supersedes(decision, this.#deciding)) this.#deciding = decision;
    return stops(decision.action) ? decided(decision) : null;
  }

  #endOfEnvelope(): Replayed {
    const end = this.#recipients.end(stopsMessage(this.#message.verdict));
    if (end === "unsaid") return unsaid(cutShort);
    if (end === "allowed") this.#tellUnseen(contentStages);
    return decided(end === "allowed" ? (this.#deciding ?? allowed) : end);
  }

  /** The end, where it cannot be said what came before this stage; null: it was all there. */
  #unlooked(stage: "attachment" | "message"): Replayed | null {
    const looked = this.#message.judged.looked ?? { header: false, attachment: false };
    const header = looked.header ? null : this.#open("header");
    if (header !== null) return unsaid("nobody looked at all of its header lines", header.rule);
    const attachment = looked.attachment || stage === "attachment" ? null : this.#open("attachment");
    if (attachment !== null) return unsaid("nobody looked at its parts", attachment.rule);
    const isSure = unreadAction(this.#pair.now) === null || !this.#content.looksFurther;
    return isSure ? null : unsaid("nobody looked whether it can be read in full", this.#open(stage)?.rule ?? null);
  }

  #endOfContent(): Replayed {
    if (this.#lastStage === "message") return decided(this.#deciding ?? allowed);
    const reached = contentStages.findIndex((stage) => stage === this.#lastStage);
    const unseen = contentStages.slice(Math.max(0, reached));
    this.#tellUnseen(unseen);
    for (const stage of unseen) {
      const open = this.#open(stage);
      if (open !== null) return unsaid(cutShort, open.rule);
    }
    return unreadAction(this.#pair.now) === null ? decided(this.#deciding ?? allowed) : unsaid(cutShort);
  }

  /** Rules that would be asked more than is known. */
  #tellUnseen(stages: readonly Stage[]): void {
    const { rulesets } = this.#pair.now;
    for (const stage of stages) this.#trace?.add(untold(rulesets.get(stage), stage, this.#message.at));
  }

  #open(stage: Stage): ReturnType<typeof openRule> {
    return openRule(this.#pair.now.rulesets.get(stage), stage, this.#with({}), this.#missing(), this.#message.at);
  }
}

function stops({ kind }: Action): boolean {
  return stopsMessage(verdictOf(kind));
}

function decided({ action, rule }: Deciding): Replayed {
  return { kind: "decided", verdict: verdictOf(action.kind), rule };
}

function unsaid(why: string, rule: Deciding["rule"] = null): Replayed {
  return { kind: "not-replayable", why, rule };
}
