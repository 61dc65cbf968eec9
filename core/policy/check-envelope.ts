import type { Action } from "#core/contract/action.ts";
import type { TextTest } from "#core/contract/condition.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { List, PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePattern } from "#core/match/pattern.ts";
import type { Path, Report } from "./problem-report.ts";
import { compileRewrite } from "./rewrite.ts";

/** Checks what a document says about envelopes outside its conditions: routes by recipient, TLS by domain, lists of recipients. */
export function checkEnvelopes(document: PolicyDocument, report: Report): void {
  const lists = new Map(document.lists.map((list) => [list.name, list.kind]));
  const routes = new Map(document.routes.map((route) => [route.name, route.protocol]));
  document.policies.forEach(({ to, protocol }, i) => {
    const at: Path = ["policies", i, "to", "routes"];
    if (protocol !== "smtp" && to.routes.length > 0) report(at, "illegal", "routes by recipient are for SMTP only");
    to.routes.forEach(({ recipientDomain, route }, n) => {
      checkDomainTest(recipientDomain, [...at, n, "recipientDomain"], lists, report);
      const found = routes.get(route);
      if (found === undefined) report([...at, n, "route"], "unknown-name", `there is no route "${route}"`);
      else if (found !== "smtp") report([...at, n, "route"], "wrong-kind", `the route "${route}" is for ${found}`);
    });
  });
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "smtp") return;
    const at: Path = ["proxyActions", i, "settings"];
    action.settings.tlsRules.forEach((rule, n) => {
      for (const side of ["senderDomain", "recipientDomain"] as const) {
        const test = rule[side];
        if (test !== undefined) checkDomainTest(test, [...at, "tlsRules", n, side], lists, report);
      }
    });
    const { mode, list } = action.settings.recipientVerification;
    if (mode === "list" && list !== undefined) {
      checkTextList(list, [...at, "recipientVerification", "list"], lists, report);
    }
  });
}

/** Checks a rewrite beyond its shape. */
export function checkRewrite(action: Action, stage: Stage, path: Path, report: Report): void {
  if (action.kind !== "rewrite") return;
  const compiled = compileRewrite(action);
  if (!compiled.ok) report([...path, "pattern"], "bad-pattern", compiled.reason);
  if (stage !== "sender") return;
  for (const [address, targets] of Object.entries(action.aliases ?? {})) {
    if (targets.length > 1) report([...path, "aliases", address], "illegal", "a sender becomes exactly one address");
  }
}

type ListKinds = ReadonlyMap<string, List["kind"]>;

function checkDomainTest(test: TextTest, path: Path, lists: ListKinds, report: Report): void {
  if (test.inList !== undefined) checkTextList(test.inList, [...path, "inList"], lists, report);
  if (test.pattern === undefined) return;
  const compiled = compilePattern(test.pattern);
  if (!compiled.ok) report([...path, "pattern"], "bad-pattern", compiled.reason);
}

function checkTextList(name: string, path: Path, lists: ListKinds, report: Report): void {
  const kind = lists.get(name);
  if (kind === undefined) report(path, "unknown-name", `there is no list "${name}"`);
  else if (kind === "networks")
    report(path, "wrong-kind", `the list "${name}" holds networks, not domains or addresses`);
}
