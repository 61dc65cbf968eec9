import type { Action } from "#core/contract/action.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { CompiledMailPolicy, CompiledProxyAction } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";
import { contentGap } from "./content-gap.ts";
import { unionFacts } from "./content-needs.ts";
import { HeaderRules } from "./header-rules.ts";

/** The policy that judged a message beside the one that would now. */
export type PolicyPair = {
  before: CompiledProxyAction;
  now: CompiledProxyAction;
  /** What of a message's content cannot be known. */
  gap: Unknown;
  headerRules: HeaderRules;
  /** Greetings are judged alike. */
  sameGreeting: boolean;
  /** Recipients are brought together in the same copies of a message, as far as no rule asks who they are. */
  sameWays: boolean;
  /** The content of messages meets the same rules. */
  sameContent: boolean;
  /** Rules of this stage may write other addresses, or end the session. */
  steers: Record<"sender" | "recipient", boolean>;
  /** What has to be gathered from the parts, since nobody did. */
  unions: readonly (typeof unionFacts)[number][];
};

type Side = { policy: CompiledMailPolicy; document: PolicyDocument };

export function comparePolicies(old: Side, wanted: Side): PolicyPair {
  const [before, now] = [old.policy.action, wanted.policy.action];
  const same = (of: (side: Side) => unknown) => JSON.stringify(of(old)) === JSON.stringify(of(wanted));
  return {
    before,
    now,
    gap: contentGap(
      { action: before, dictionaries: old.document.dictionaries },
      { action: now, dictionaries: wanted.document.dictionaries },
    ),
    headerRules: new HeaderRules(now.rulesets.get("header")),
    sameGreeting: same(greetingOf),
    sameWays: same(waysOf),
    sameContent: same(contentOf),
    steers: {
      sender: [before, now].some((action) => steers(action, "sender")),
      recipient: [before, now].some((action) => steers(action, "recipient")),
    },
    unions: unionFacts.filter((name) => now.needs.facts.has(name) && !before.needs.facts.has(name)),
  };
}

/** Whether rules write other addresses. */
export function readdresses({ kind }: Action): boolean {
  return kind === "rewrite" || kind === "redirect" || kind === "copy";
}

/** Whether the client is sent away: nothing of its session follows. */
export function endsSession({ kind }: Action): boolean {
  return kind === "drop" || kind === "block";
}

function steers({ rulesets }: CompiledProxyAction, stage: Stage): boolean {
  const { rules = [], noneMatched } = rulesets.get(stage) ?? {};
  return [...rules, noneMatched].some(
    (one) => one !== undefined && (readdresses(one.action) || endsSession(one.action)),
  );
}

/** Lists count too: what a rule says depends on them. */
function greetingOf({ policy, document }: Side): unknown {
  const { definition } = policy.action;
  if (definition.protocol === "pop3") return null;
  const { greeting } = definition.rulesets;
  return [greeting, greeting === undefined ? null : document.lists];
}

function contentOf({ policy }: Side): unknown {
  const { definition } = policy.action;
  const { header, attachment, message } = definition.rulesets;
  return [header, attachment, message];
}

function waysOf({ policy, document }: Side): unknown {
  const { definition } = policy.action;
  const to = document.policies.find(({ name }) => name === policy.name)?.to;
  return [to, document.routes, definition.settings, document.lists];
}
