import { setImmediate } from "node:timers/promises";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import {
  ruleLooksMax,
  type Simulated,
  type SimulationAnswer,
  type SimulationRequest,
  type Trial,
} from "#core/contract/simulation.ts";
import { type CompiledListener, type CompiledMailPolicy, compilePolicy } from "#core/policy/compile.ts";
import { refusalReply } from "../net/refuse.ts";
import type { SessionServices } from "../services.ts";
import { watchEveryRule } from "./every-rule.ts";
import { notAsked } from "./not-asked.ts";
import { type Rehearsal, rehearse } from "./rehearse.ts";
import { whatGoesOn } from "./what-goes-on.ts";
import { withoutEffect } from "./without-effect.ts";

/** Thrown for a document that cannot be compiled. */
export class UncompilablePolicy extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super("the policy cannot be compiled");
    this.problems = problems;
  }
}

const nothing: Simulated = {
  policy: null,
  server: null,
  conversation: [],
  events: [],
  rules: [],
  rulesOmitted: 0,
  copies: [],
  notAsked: [],
};

const exchangesMax = 200;
const eventsMax = 50;

/**
 * What would become of messages under a policy, and under another one beside it, one after the other: the worker's own steps and judgement,
 * with services that have no effect. Throws UncompilablePolicy, and the signal's reason once it is cut: nothing of it goes on by then.
 */
export async function simulate(
  { beside, trials, ask, ...policy }: SimulationRequest,
  real: SessionServices,
  signal: AbortSignal = new AbortController().signal,
): Promise<SimulationAnswer> {
  const simulated = await simulateAll(
    trials,
    { ...policy, ask, listeners: compiled(policy.document).listeners },
    real,
    signal,
  );
  const other = beside === undefined ? null : compilePolicy(beside.document);
  if (beside === undefined || other === null || !other.ok) return { simulated, beside: null };
  const inBrief = trials.map((trial) => ({ ...trial, full: false }));
  const { listeners } = other.policy;
  return { simulated, beside: await simulateAll(inBrief, { ...beside, ask, listeners }, real, signal) };
}

async function simulateAll(
  trials: readonly Trial[],
  policy: TriedPolicy,
  real: SessionServices,
  signal: AbortSignal,
): Promise<Simulated[]> {
  const simulated: Simulated[] = [];
  for (const trial of trials) {
    simulated.push(await simulateOne(trial, policy, real, signal));
    // Mail goes on meanwhile.
    await setImmediate();
    signal.throwIfAborted();
  }
  return simulated;
}

type TriedPolicy = Pick<SimulationRequest, "document" | "revision" | "ask"> & {
  listeners: readonly CompiledListener[];
};

async function simulateOne(
  trial: Trial,
  { document, revision, ask, listeners }: TriedPolicy,
  real: SessionServices,
  signal: AbortSignal,
): Promise<Simulated> {
  const { input, full } = trial;
  const beganAt = performance.now();
  const now = () => Date.parse(input.at) + Math.floor(performance.now() - beganAt);
  const admitted = admitting(listeners, input, now());
  if (admitted === null) return refusedAtOnce("no-policy", input);
  const { policy: found, listener } = admitted;
  if (found.disposition !== "allow") return refusedAtOnce(found.disposition, input);
  const watch = full ? watchEveryRule(document, found, now) : null;
  const decided = ask.scanners ? found.action : withoutScanners(found.action);
  const messages = [trial.message ?? [], trial.others ?? []].flat().map((text) => Buffer.from(text, "base64"));
  const effectless = withoutEffect(real, { now, dns: ask.dns, mailbox: messages });
  const policy = { ...found, action: watch?.watched(decided) ?? decided };
  const rehearsal: Rehearsal = { listener, governing: { policy, revision }, effectless, messages, signal };
  const { exchanges, taken, isOpen } = await rehearse(rehearsal, input);
  const events = isOpen ? [] : toldOf(effectless.events);
  const rules = watch?.looks() ?? [];
  return {
    ...nothing,
    policy: found.name,
    server: effectless.server(),
    conversation: exchanges.slice(0, exchangesMax),
    events: full ? events : events.map(brief),
    rules: rules.slice(0, ruleLooksMax),
    rulesOmitted: Math.max(0, rules.length - ruleLooksMax),
    copies: full ? whatGoesOn(messages, taken) : [],
    notAsked: notAsked(trial, ask, found),
  };
}

function refusedAtOnce(cause: Parameters<typeof refusalReply>[0], { protocol = "smtp" }: Trial["input"]): Simulated {
  return { ...nothing, conversation: [{ said: "(connects)", reply: refusalReply(cause, protocol) }] };
}

type Told = Simulated["events"][number];

function toldOf(events: readonly WorkerEvent[]): Told[] {
  return events
    .filter((event): event is Told => event.kind === "message" || event.kind === "session")
    .slice(0, eventsMax);
}

/** What a test asks about. */
function brief(event: Told): Told {
  const decision = event.decision === null ? null : { ...event.decision, trace: [], evidence: [] };
  if (event.kind === "session" || decision === null) return { ...event, decision } as Told;
  const { content: _content, judged: _judged, ...rest } = event;
  return { ...rest, decision, attachments: [] };
}

function compiled(document: PolicyDocument) {
  const result = compilePolicy(document);
  if (!result.ok) throw new UncompilablePolicy(result.problems);
  return result.policy;
}

/** The policy that takes the connection: on the first listener of the interface that has one for it. */
function admitting(
  listeners: readonly CompiledListener[],
  { protocol = "smtp", interface: name, client, port }: Trial["input"],
  now: number,
): { listener: CompiledListener; policy: CompiledMailPolicy } | null {
  for (const listener of listeners) {
    if (listener.protocol !== protocol || (port !== null && listener.port !== port)) continue;
    const first = listener.policies.find(({ admits }) => admits(client, now));
    if (first?.fromInterface === name) return { listener, policy: first };
  }
  return null;
}

function withoutScanners(action: CompiledMailPolicy["action"]): CompiledMailPolicy["action"] {
  return { ...action, content: { ...action.content, scanners: [] } };
}
