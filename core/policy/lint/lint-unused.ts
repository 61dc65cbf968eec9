import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Add } from "./finding.ts";

/** What stands in the document and nothing refers to. */
export function lintUnused(document: PolicyDocument, add: Add): void {
  const { policies } = document;
  const interfaces = policies.flatMap(({ from, to }) => [from.interface, to.interface]);
  const routes = policies.flatMap(({ to }) => [
    to.route,
    ...[...to.routes, ...to.userRoutes, ...(to.serverChoice?.servers ?? [])].map(({ route }) => route),
  ]);
  const actions = policies.map(({ proxyAction }) => proxyAction);
  const text = JSON.stringify([document.proxyActions, policies]);
  const isNamed = (list: string): boolean => text.includes(JSON.stringify(list));
  const unused = [
    { section: "interfaces", noun: "interface", isUsed: (name: string) => interfaces.includes(name) },
    { section: "routes", noun: "route", isUsed: (name: string) => routes.includes(name) },
    { section: "proxyActions", noun: "proxy action", isUsed: (name: string) => actions.includes(name) },
    // A list is used where its name stands; one that only happens to be called like something else is not claimed.
    { section: "lists", noun: "list", isUsed: isNamed },
    { section: "scanners", noun: "scanner", isUsed: isNamed },
    { section: "dictionaries", noun: "dictionary", isUsed: isNamed },
    { section: "notices", noun: "notice", isUsed: isNamed },
  ] as const;
  for (const { section, noun, isUsed } of unused) {
    document[section].forEach(({ name }, i) => {
      if (isUsed(name)) return;
      add({
        code: "unused",
        severity: "note",
        path: [section, i],
        what: `Nothing uses the ${noun} "${name}".`,
        why: "Who reads the policy takes it for something that is in force.",
        doThis: "Delete it, or use it.",
        source: null,
      });
    });
  }
}
