import type { Condition } from "#core/contract/condition.ts";
import type { List, PolicyDocument, UserRoute } from "#core/contract/policy-document.ts";
import { type Rule, ruleSchema } from "#core/contract/rule.ts";
import type { CompiledLists } from "../compile-condition.ts";
import { compileUserTest } from "../compile-logins.ts";
import { RuleAsker } from "./asked-rule.ts";
import { Effort } from "./effort.ts";
import type { Add } from "./finding.ts";
import { Coverage } from "./rule-coverage.ts";

/** Pairs of routes that one look at a document compares, and users that it asks them about; past it nothing more is claimed. */
const asksMax = 500_000;

/** Routes by user that are never taken: an earlier one has all of its users. */
export function lintUserRoutes(document: PolicyDocument, lists: CompiledLists, add: Add): void {
  const effort = new Effort(document.lists);
  const asker = new RuleAsker(lists, document.lists, effort);
  const coverage = new Coverage(lists, effort);
  const quick = new Set(document.lists.filter(({ kind }) => hasQuickLookup(kind)).map(({ name }) => name));
  let asksLeft = asksMax;
  document.policies.forEach(({ name, to }, i) => {
    const compiled = to.userRoutes.map((userRoute, n) => ({
      userRoute,
      asked: asker.ask(asRule(userRoute), n),
      takes: compileUserTest(userRoute, lists),
      isQuick: [userRoute.user?.inList, userRoute.domain?.inList].every(
        (list) => list === undefined || quick.has(list),
      ),
    }));
    compiled.forEach(({ userRoute: later, asked }, n) => {
      const earlier = compiled.slice(0, n).findIndex((one) => {
        const users = one.isQuick ? namedUsers(later) : [];
        asksLeft -= 1 + users.length;
        if (asksLeft < 0) return false;
        return (users.length > 0 && users.every(one.takes)) || coverage.covers(one.asked, asked);
      });
      if (earlier === -1) return;
      const same = to.userRoutes[earlier]?.route === later.route;
      add({
        code: "user-route-shadowed",
        severity: same ? "note" : "warning",
        path: ["policies", i, "to", "userRoutes", n],
        what: `Route ${n + 1} by user of "${name}" is never taken: route ${earlier + 1} takes all of its users.`,
        why: same ? "It does nothing of its own." : `Nobody gets to "${later.route}" by it.`,
        doThis: "Move it up, make the earlier one narrower, or delete it.",
        source: null,
      });
    });
  });
}

function hasQuickLookup(kind: List["kind"]): boolean {
  return kind === "domains" || kind === "addresses";
}

/** A route by user takes who passes its tests, as a rule does that refuses. */
function asRule({ user, domain }: UserRoute): Rule {
  const when: Condition = {
    ...(user === undefined ? {} : { user }),
    ...(domain === undefined ? {} : { userDomain: domain }),
  };
  return ruleSchema.parse({ name: "route", when, action: "deny" });
}

/** The users of a route that names them one by one: each has its domain in the name. */
function namedUsers({ user }: UserRoute): readonly string[] {
  return user?.is === undefined ? (user?.in ?? []) : [user.is];
}
