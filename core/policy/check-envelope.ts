import type { Action } from "#core/contract/action.ts";
import type { TextTest } from "#core/contract/condition.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { List, PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePattern } from "#core/match/pattern.ts";
import { isSendableAddress, isSendableDomain } from "./address-form.ts";
import { checkLogins } from "./check-login.ts";
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
      checkTextTest(recipientDomain, [...at, n, "recipientDomain"], lists, report);
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
        if (test !== undefined) checkTextTest(test, [...at, "tlsRules", n, side], lists, report);
      }
    });
    const { mode, list } = action.settings.recipientVerification;
    if (mode === "list" && list !== undefined) {
      checkRecipientList(list, [...at, "recipientVerification", "list"], lists, report);
    }
  });
  checkLogins(document, report);
}

/** Checks the addresses that a rewrite, redirect or copy makes: what is no address would cost every message that meets the rule. */
export function checkReaddressing(action: Action, stage: Stage, path: Path, report: Report): void {
  if (action.kind === "redirect" || action.kind === "copy") checkAddress(action.to, [...path, "to"], report);
  if (action.kind !== "rewrite") return;
  const compiled = compileRewrite(action);
  if (!compiled.ok) report([...path, "pattern"], "bad-pattern", compiled.reason);
  const { to, domains = {}, aliases = {} } = action;
  // Of one with groups only the message knows what comes out.
  if (to !== undefined && !/\$[1-9]/.test(to)) checkAddress(to, [...path, "to"], report);
  for (const [from, domain] of Object.entries(domains)) {
    if (isSendableDomain(domain)) continue;
    report([...path, "domains", from], "illegal", `"${domain}" is no domain that mail can be sent to`);
  }
  for (const [address, targets] of Object.entries(aliases)) {
    targets.forEach((target, n) => {
      checkAddress(target, [...path, "aliases", address, n], report);
    });
    if (stage === "sender" && targets.length > 1)
      report([...path, "aliases", address], "illegal", "a sender becomes exactly one address");
  }
}

function checkAddress(address: string, path: Path, report: Report): void {
  if (isSendableAddress(address)) return;
  const message = `mail cannot be sent to "${address}": write user@example.com, without quotes and without % or !`;
  report(path, "illegal", message);
}

export type ListKinds = ReadonlyMap<string, List["kind"]>;

/** A test outside a condition: its list, its pattern. */
export function checkTextTest(test: TextTest, path: Path, lists: ListKinds, report: Report): void {
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

/** Recipients are looked up as whole addresses: in a list of domains or words none would ever be. */
function checkRecipientList(name: string, path: Path, lists: ListKinds, report: Report): void {
  const kind = lists.get(name);
  if (kind !== "domains" && kind !== "words") {
    checkTextList(name, path, lists, report);
    return;
  }
  const message = `the list "${name}" holds ${kind}: recipients are looked up in addresses (@example.com stands for a domain) or patterns`;
  report(path, "wrong-kind", message);
}
