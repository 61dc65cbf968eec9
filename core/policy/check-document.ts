import { documentSections, type PolicyDocument, type Problem } from "#core/contract/policy-document.ts";
import { testMessagesMax } from "#core/contract/policy-test.ts";
import { checkContent } from "./check-content.ts";
import { checkEnvelopes } from "./check-envelope.ts";
import { checkMailboxLogins } from "./check-mailbox-logins.ts";
import { checkMailboxes } from "./check-mailboxes.ts";
import { checkRulesets } from "./check-rulesets.ts";
import { checkNames, checkNetworks, type Path, type Report } from "./problem-report.ts";

/** Everything that the schema cannot see: names that clash or dangle, patterns, networks, facts and actions out of place. */
export function checkDocument(document: PolicyDocument): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, code, message) => problems.push({ path, code, message });
  for (const section of documentSections) {
    checkNames(document[section], [section], report);
  }
  document.interfaces.forEach(({ networks }, i) => {
    checkNetworks(networks, ["interfaces", i, "networks"], report);
  });
  document.lists.forEach((list, i) => {
    if (list.kind === "networks") checkNetworks(list.entries, ["lists", i, "entries"], report);
  });
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "smtp") return;
    checkNetworks(action.settings.xclientFrom, ["proxyActions", i, "settings", "xclientFrom"], report);
  });
  checkSenderNotices(document, report);
  checkRulesets(document, report);
  checkContent(document, report);
  checkEnvelopes(document, report);
  checkMailboxes(document, report);
  checkMailboxLogins(document, report);
  checkPolicies(document, report);
  checkListeners(document, report);
  checkTests(document, report);
  return problems;
}

/** A test of an interface that is not there would show nothing. */
function checkTests({ tests, interfaces }: PolicyDocument, report: Report): void {
  const known = new Set(interfaces.map(({ name }) => name));
  let characters = 0;
  tests.forEach(({ given, message = "" }, i) => {
    characters += message.length;
    if (!known.has(given.interface))
      report(["tests", i, "given", "interface"], "unknown-name", `there is no interface "${given.interface}"`);
    if (characters > testMessagesMax && characters - message.length <= testMessagesMax)
      report(
        ["tests", i, "message"],
        "shape",
        `the messages of all tests have more than ${testMessagesMax} characters`,
      );
  });
}

/** Reports to senders go by an SMTP route. */
function checkSenderNotices({ routes }: PolicyDocument, report: Report): void {
  routes.forEach((route, i) => {
    if (route.protocol !== "smtp" || route.senderNotices === undefined) return;
    const at: Path = ["routes", i, "senderNotices", "route"];
    const { route: name } = route.senderNotices;
    const found = routes.find((other) => other.name === name);
    if (found === undefined) report(at, "unknown-name", `there is no route "${name}"`);
    else if (found.protocol !== "smtp") report(at, "wrong-kind", `the route "${name}" is for ${found.protocol}`);
  });
}

function checkPolicies(document: PolicyDocument, report: Report): void {
  const interfaces = new Set(document.interfaces.map(({ name }) => name));
  const routes = new Map(document.routes.map((route) => [route.name, route.protocol]));
  const actions = new Map(document.proxyActions.map((action) => [action.name, action.protocol]));
  const lists = new Map(document.lists.map(({ name, kind }) => [name, kind]));
  document.policies.forEach((policy, i) => {
    const at: Path = ["policies", i];
    checkNetworks(policy.from.sources, [...at, "from", "sources"], report);
    policy.from.sourceLists.forEach((name, n) => {
      const kind = lists.get(name);
      const path = [...at, "from", "sourceLists", n];
      if (kind === undefined) report(path, "unknown-name", `there is no list "${name}"`);
      else if (kind !== "networks") report(path, "wrong-kind", `the list "${name}" holds ${kind}, not networks`);
    });
    for (const side of ["from", "to"] as const) {
      const name = policy[side].interface;
      if (!interfaces.has(name)) report([...at, side, "interface"], "unknown-name", `there is no interface "${name}"`);
    }
    const references = [
      { what: "route", path: [...at, "to", "route"], name: policy.to.route, protocol: routes.get(policy.to.route) },
      {
        what: "proxy action",
        path: [...at, "proxyAction"],
        name: policy.proxyAction,
        protocol: actions.get(policy.proxyAction),
      },
    ];
    for (const { what, path, name, protocol } of references) {
      if (protocol === undefined) report(path, "unknown-name", `there is no ${what} "${name}"`);
      else if (protocol !== policy.protocol) {
        report(path, "wrong-kind", `the ${what} "${name}" is for ${protocol}, this policy for ${policy.protocol}`);
      }
    }
  });
}

function checkListeners(document: PolicyDocument, report: Report): void {
  const taken = new Map<string, { protocol: string; from: string; name: string; tls: string; balancers: string }>();
  document.policies.forEach(({ name, enabled, protocol, from, listen }, i) => {
    listen.forEach(({ address, port, tls = { mode: "none" }, proxyProtocolFrom }, n) => {
      const at: Path = ["policies", i, "listen", n];
      checkNetworks(proxyProtocolFrom, [...at, "proxyProtocolFrom"], report);
      if (!enabled) return;
      const key = `${address} ${port}`;
      const tlsText = tls.mode === "none" ? "none" : JSON.stringify(tls);
      const balancers = proxyProtocolFrom.toSorted().join(" ");
      const first = taken.get(key) ?? { protocol, from: from.interface, name, tls: tlsText, balancers };
      taken.set(key, first);
      if (first.tls !== tlsText) {
        report([...at, "tls"], "listener", `${address} port ${port} has other TLS settings in policy "${first.name}"`);
      }
      if (first.balancers !== balancers) {
        const message = `${address} port ${port} has other PROXY protocol peers in policy "${first.name}"`;
        report([...at, "proxyProtocolFrom"], "listener", message);
      }
      if (first.protocol === protocol && first.from === from.interface) return;
      const message = `${address} port ${port} is already ${first.protocol} from ${first.from} (policy "${first.name}")`;
      report(at, "listener", message);
    });
  });
}
