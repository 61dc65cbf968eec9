import { setImmediate } from "node:timers/promises";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import {
  ruleLooksMax,
  type Simulated,
  type SimulationRequest,
  shownTextMax,
  type Trial,
} from "#core/contract/simulation.ts";
import { type CompiledListener, type CompiledMailPolicy, compilePolicy } from "#core/policy/compile.ts";
import { refusalReply } from "../net/refuse.ts";
import type { Admission, SessionServices } from "../services.ts";
import { RuleWatch } from "./rule-watch.ts";
import { onTheWire, tryMessage } from "./try-message.ts";
import type { TakenMessage } from "./willing-server.ts";
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
  conversation: [],
  events: [],
  rules: [],
  rulesOmitted: 0,
  copies: [],
  before: null,
  notAsked: [],
};

const exchangesMax = 200;
const eventsMax = 20;

/**
 * What would become of messages under a policy, one after the other: the worker's own steps and judgement, with services that have no
 * effect. Throws UncompilablePolicy.
 */
export async function simulate(
  { document, revision, trials, ask }: SimulationRequest,
  real: SessionServices,
): Promise<Simulated[]> {
  const policy: TriedPolicy = { document, revision, ask, listeners: compiled(document).listeners };
  const simulated: Simulated[] = [];
  for (const trial of trials) {
    simulated.push(await simulateOne(trial, policy, real));
    // Mail goes on meanwhile.
    await setImmediate();
  }
  return simulated;
}

type TriedPolicy = Omit<SimulationRequest, "trials"> & { listeners: readonly CompiledListener[] };

async function simulateOne(trial: Trial, tried: TriedPolicy, real: SessionServices): Promise<Simulated> {
  const { document, revision, ask, listeners } = tried;
  const { input, full } = trial;
  const beganAt = performance.now();
  const now = () => Date.parse(input.at) + Math.floor(performance.now() - beganAt);
  const admitted = admitting(listeners, input, now());
  if (admitted === null) return refusedAtOnce("no-policy");
  const { policy: found, listener } = admitted;
  if (found.disposition !== "allow") return refusedAtOnce(found.disposition);
  const watch = full
    ? new RuleWatch(everyRule(document, found.name), isOff(document, found.action.definition.name), now)
    : null;
  const effectless = withoutEffect(real, { now, dns: ask.dns });
  const decided = ask.scanners ? found.action : withoutScanners(found.action);
  const governing = { policy: { ...found, action: watch?.watched(decided) ?? decided }, revision };
  const admission: Admission = {
    services: effectless.services,
    client: { address: input.client, port: 0 },
    listener: { address: listener.address, port: listener.port },
    governing,
    resolve: () => governing,
    onEnd: () => undefined,
  };
  const message = trial.message === null ? null : Buffer.from(trial.message, "base64");
  const tlsRequired = listener.tls?.mode === "required" || listener.tls?.mode === "implicit";
  const { exchanges, recipients } = await tryMessage(admission, input, message, tlsRequired);
  // Without a message the transaction is given up: what was said of a refused recipient is not what becomes of the others.
  const events = message === null && recipients > 0 ? [] : toldOf(effectless.events);
  const rules = watch?.looks() ?? [];
  return {
    ...nothing,
    policy: found.name,
    conversation: exchanges.slice(0, exchangesMax),
    events: full ? events : events.map(brief),
    rules: rules.slice(0, ruleLooksMax),
    rulesOmitted: Math.max(0, rules.length - ruleLooksMax),
    ...(full ? shown(message, effectless.taken) : {}),
    notAsked: notAsked(trial, ask, found),
  };
}

function refusedAtOnce(cause: Parameters<typeof refusalReply>[0]): Simulated {
  return { ...nothing, conversation: [{ said: "(connects)", reply: refusalReply(cause, "smtp") }] };
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
  { interface: name, client, port }: Trial["input"],
  now: number,
): { listener: CompiledListener; policy: CompiledMailPolicy } | null {
  for (const listener of listeners) {
    if (listener.protocol !== "smtp" || (port !== null && listener.port !== port)) continue;
    const first = listener.policies.find(({ admits }) => admits(client, now));
    if (first?.fromInterface === name) return { listener, policy: first };
  }
  return null;
}

/** The proxy action of a policy with the rules that are off as if they were observed. */
function everyRule(document: PolicyDocument, policyName: string): CompiledMailPolicy["action"] {
  const observed = <T extends Ruleset | undefined>(ruleset: T): T =>
    ruleset === undefined
      ? ruleset
      : {
          ...ruleset,
          rules: ruleset.rules.map((rule) => (rule.state === "off" ? { ...rule, state: "observe" } : rule)),
        };
  const proxyActions = document.proxyActions.map((action) => {
    const rulesets = Object.entries(action.rulesets).map(([stage, ruleset]) => [stage, observed(ruleset)]);
    return { ...action, rulesets: Object.fromEntries(rulesets) };
  });
  const { listeners } = compiled({ ...document, proxyActions });
  const found = listeners.flatMap(({ policies }) => policies).find(({ name }) => name === policyName);
  if (found === undefined) throw new Error(`no policy ${policyName}`);
  return found.action;
}

function isOff(document: PolicyDocument, proxyAction: string): (stage: Stage, ruleId: string) => boolean {
  const action = document.proxyActions.find(({ name }) => name === proxyAction);
  const off = Object.entries(action?.rulesets ?? {}).flatMap(([stage, ruleset]: [string, Ruleset | undefined]) =>
    (ruleset?.rules ?? []).flatMap(({ state, id, name }) => (state === "off" ? [`${stage} ${id ?? name}`] : [])),
  );
  const known = new Set(off);
  return (stage, ruleId) => known.has(`${stage} ${ruleId}`);
}

function withoutScanners(action: CompiledMailPolicy["action"]): CompiledMailPolicy["action"] {
  return { ...action, content: { ...action.content, scanners: [] } };
}

/** What goes on, beside what was given; what only got our Received line on top is as it was. */
function shown(message: Buffer | null, taken: readonly TakenMessage[]): Pick<Simulated, "before" | "copies"> {
  const before = message === null ? null : asGiven(message);
  const copies = taken.slice(0, 20).map(({ route, recipients, bytes }) => {
    const after = Buffer.from(bytes).toString("latin1");
    const isChanged =
      before !== null &&
      !(after.endsWith(before) && /^Received: /i.test(after) && !/\r\n\S/.test(after.slice(0, -before.length - 2)));
    return {
      route,
      recipients: [...recipients],
      after: isChanged ? after.slice(0, shownTextMax) : null,
      cut: after.length > shownTextMax,
    };
  });
  const isNeeded = copies.some(({ after }) => after !== null);
  return { before: isNeeded && before !== null ? before.slice(0, shownTextMax) : null, copies };
}

function asGiven(message: Buffer): string {
  const wire = onTheWire(message).toString("latin1");
  return wire.slice(0, -".\r\n".length).replace(/(^|\r\n)\.\./g, "$1.");
}

function notAsked({ message }: Trial, ask: SimulationRequest["ask"], { action }: CompiledMailPolicy): string[] {
  const scanners = action.content.scanners.map(({ name }) => name);
  return [
    "The servers of the routes: they are taken to say yes to every recipient.",
    "Signatures: none is made.",
    "What stands against a client today alone: bans, limits by the minute, connections at once, a full queue.",
    ...(message === null ? ["The rules for the content: no message was given."] : []),
    ...(action.needs.senderAuth && !ask.dns ? ["The DNS: names are taken to have no records."] : []),
    ...(scanners.length > 0 && !ask.scanners
      ? [`The scanners ${scanners.join(", ")}: they are taken to find nothing.`]
      : []),
  ];
}
