import type { Action } from "#core/contract/action.ts";
import { type FactName, type Facts, type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import type { Notice } from "#core/contract/notice.ts";
import type {
  Disposition,
  Policy,
  PolicyDocument,
  Problem,
  ProxyAction,
  Route,
} from "#core/contract/policy-document.ts";
import type { Rule, RuleState, Ruleset } from "#core/contract/rule.ts";
import type { Scanner } from "#core/contract/scanner.ts";
import type { ListenTls } from "#core/contract/tls.ts";
import { NetworkSet } from "#core/match/network-set.ts";
import { compileDictionaries } from "#core/text/dictionary/compile-dictionaries.ts";
import type { Dictionaries } from "#core/text/dictionary/dictionaries.ts";
import { checkDocument } from "./check-document.ts";
import { type CompiledCondition, CompiledLists, compileCondition, quantifierOf } from "./compile-condition.ts";
import { type CompiledEnvelope, compileEnvelope, compileRoutes } from "./compile-envelope.ts";
import { type CompiledLoginRoutes, compileLoginRoutes } from "./compile-logins.ts";
import { MatchCompiler, type PolicyMatch } from "./compile-match.ts";
import { type ContentNeeds, contentNeeds, factsOf } from "./content-needs.ts";

export type CompiledRule = {
  id: string;
  name: string;
  state: RuleState;
  action: Action;
  log: boolean;
  alarm: boolean;
  /** Milliseconds since 1970; from then on it counts as off. */
  expiresAt: number;
  /** The facts that it asks for. */
  asks: ReadonlySet<FactName>;
} & CompiledCondition;

export type CompiledRuleset = {
  rules: readonly CompiledRule[];
  noneMatched: { action: Action; log: boolean };
  /** Hears what the ruleset is asked about, each time: of a simulation. */
  onAsked?(facts: Facts): void;
};

/** What content rules can name: scanners (of a proxy action in its order), and the document's dictionaries and notices. */
export type CompiledContent = {
  scanners: readonly Scanner[];
  dictionaries: Dictionaries;
  notices: ReadonlyMap<string, Notice>;
};

export type CompiledVocabulary = CompiledContent;

/** A proxy action ready to decide with. A stage without a ruleset allows. */
export type CompiledProxyAction = {
  definition: ProxyAction;
  rulesets: ReadonlyMap<Stage, CompiledRuleset>;
  needs: ContentNeeds;
  content: CompiledContent;
  /** null: POP3. */
  envelope: CompiledEnvelope | null;
};

export type CompiledMailPolicy = {
  name: string;
  protocol: Protocol;
  fromInterface: string;
  toInterface: string;
  route: Route;
  /** The route of a recipient, by the spellings of its domain. */
  routeOf(recipientDomains: readonly string[]): Route;
  /** POP3: where a login goes. */
  logins: CompiledLoginRoutes;
  action: CompiledProxyAction;
  disposition: Disposition;
} & PolicyMatch;

/** One address and port to listen on, with the policies that share it in their order: the first that admits source and time takes the connection. */
export type CompiledListener = {
  address: string;
  port: number;
  protocol: Protocol;
  /** Null: clear text. */
  tls: ListenTls | null;
  /** Peers that tell whose connection it is (PROXY protocol); null: none. */
  balancers: NetworkSet | null;
  policies: readonly CompiledMailPolicy[];
};

export type CompiledPolicy = {
  document: PolicyDocument;
  listeners: readonly CompiledListener[];
  routes: ReadonlyMap<string, Route>;
};

export type CompileResult = { ok: true; policy: CompiledPolicy } | { ok: false; problems: Problem[] };

/** Turns a parsed document into what the worker decides with, or says everything that is wrong with it. */
export function compilePolicy(document: PolicyDocument): CompileResult {
  const problems = checkDocument(document);
  if (problems.length > 0) return { ok: false, problems };
  const lists = new CompiledLists(document.lists);
  const vocabulary = compileVocabulary(document);
  const routes = new Map(document.routes.map((route) => [route.name, route]));
  const actions = new Map(
    document.proxyActions.map((action) => [action.name, compileProxyAction(action, lists, vocabulary)]),
  );
  const matches = new MatchCompiler(lists);
  const listeners = new Map<string, CompiledListener & { policies: CompiledMailPolicy[] }>();
  for (const policy of document.policies) {
    const route = routes.get(policy.to.route);
    const action = actions.get(policy.proxyAction);
    if (!policy.enabled || route === undefined || action === undefined) continue;
    const routeOf = compileRoutes(policy, route, routes, lists);
    const logins = compileLoginRoutes(policy, route, routes, lists);
    const compiled = { ...compileMailPolicy(policy, route, action), routeOf, logins, ...matches.compile(policy) };
    for (const listen of policy.listen) {
      const key = `${listen.address} ${listen.port}`;
      const listener = listeners.get(key) ?? { ...compileListen(listen), protocol: policy.protocol, policies: [] };
      listener.policies.push(compiled);
      listeners.set(key, listener);
    }
  }
  return { ok: true, policy: { document, listeners: [...listeners.values()], routes } };
}

/** What its policies agree about: `checkDocument` saw to it. */
function compileListen({ address, port, tls, proxyProtocolFrom }: Policy["listen"][number]) {
  return {
    address,
    port,
    tls: tls === undefined || tls.mode === "none" ? null : tls,
    balancers: proxyProtocolFrom.length === 0 ? null : new NetworkSet(proxyProtocolFrom),
  };
}

function compileMailPolicy(
  { name, protocol, from, to, disposition }: Policy,
  route: Route,
  action: CompiledProxyAction,
): Omit<CompiledMailPolicy, "routeOf" | "logins" | keyof PolicyMatch> {
  return { name, protocol, fromInterface: from.interface, toInterface: to.interface, route, action, disposition };
}

/** A proxy action of a checked document, ready to decide with. */
export function compileProxyAction(
  definition: ProxyAction,
  lists: CompiledLists,
  vocabulary: CompiledVocabulary,
): CompiledProxyAction {
  const rulesets = new Map<Stage, CompiledRuleset>();
  const given: { [S in Stage]?: Ruleset | undefined } = definition.rulesets;
  for (const stage of stagesByProtocol[definition.protocol]) {
    const ruleset = given[stage];
    if (ruleset === undefined) continue;
    const rules = ruleset.rules.filter((rule) => rule.state !== "off").map((rule) => compileRule(rule, lists));
    rulesets.set(stage, { rules, noneMatched: ruleset.noneMatched });
  }
  const envelope = definition.protocol === "smtp" ? compileEnvelope(definition, lists) : null;
  return {
    definition,
    rulesets,
    needs: contentNeeds(definition),
    content: compileContent(definition, vocabulary),
    envelope,
  };
}

/** What the content rules of every proxy action can name, compiled once. Throws on what `checkDocument` would have refused. */
export function compileVocabulary({
  scanners,
  dictionaries,
  notices,
}: Pick<PolicyDocument, "scanners" | "dictionaries" | "notices">): CompiledVocabulary {
  const compiled = compileDictionaries(dictionaries);
  if (!compiled.ok) throw new RangeError(compiled.problems.map(({ reason }) => reason).join("; "));
  const named = new Map(notices.map((notice) => [notice.name, notice]));
  return { scanners, dictionaries: compiled.dictionaries, notices: named };
}

function compileContent({ content }: ProxyAction, vocabulary: CompiledVocabulary): CompiledContent {
  const { scanners, ...others } = vocabulary;
  return { ...others, scanners: content.scanners.flatMap((name) => scanners.find((one) => one.name === name) ?? []) };
}

function compileRule(rule: Rule, lists: CompiledLists): CompiledRule {
  const condition = rule.when === undefined ? matchAll : compileCondition(rule.when, lists, quantifierOf(rule.action));
  const { id = rule.name, name, state, action, log, alarm, expires } = rule;
  const expiresAt = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
  const asks = rule.when === undefined ? nothing : factsOf(rule.when);
  return { id, name, state, action, log, alarm, expiresAt, asks, ...condition };
}

const nothing: ReadonlySet<FactName> = new Set();
const matchAll: CompiledCondition = { holds: () => true, tells: () => true, evidence: () => [] };
