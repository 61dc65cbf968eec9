import type { ActionKind, Action } from "#core/contract/action.ts";
import type { Evidence } from "#core/contract/decision.ts";
import type { Facts, Protocol, Stage } from "#core/contract/facts.ts";
import type { PolicyDocument, Problem, ProxyAction, Route } from "#core/contract/policy-document.ts";
import type { RuleState } from "#core/contract/rule.ts";

export type CompiledRule = {
  id: string;
  name: string;
  state: RuleState;
  action: Action;
  log: boolean;
  /** The evidence when the rule matches, or null. */
  match(facts: Facts): Evidence[] | null;
};

export type CompiledRuleset = { rules: readonly CompiledRule[]; noneMatched: { action: Action; log: boolean } };

/** A proxy action ready to decide with. A stage without a ruleset allows. */
export type CompiledProxyAction = {
  definition: ProxyAction;
  rulesets: ReadonlyMap<Stage, CompiledRuleset>;
  /** Whether any rule reads header lines, parts, or the whole message: nothing else need be parsed or held. */
  needs: { header: boolean; attachment: boolean; message: boolean };
};

export type CompiledMailPolicy = {
  name: string;
  protocol: Protocol;
  fromInterface: string;
  toInterface: string;
  route: Route;
  action: CompiledProxyAction;
  /** Whether the client address (v4, v6 or v4-mapped text) is among the policy's sources. */
  admits(clientAddress: string): boolean;
};

/** One address and port to listen on, with the policies that share it in their order: the first that admits the client takes it. */
export type CompiledListener = { address: string; port: number; protocol: Protocol; policies: readonly CompiledMailPolicy[] };

export type CompiledPolicy = {
  document: PolicyDocument;
  listeners: readonly CompiledListener[];
  routes: ReadonlyMap<string, Route>;
};

export type CompileResult = { ok: true; policy: CompiledPolicy } | { ok: false; problems: Problem[] };

export type { ActionKind };

/** Turns a parsed document into what the worker decides with, or says everything that is wrong with it. */
export declare function compilePolicy(document: PolicyDocument): CompileResult;
