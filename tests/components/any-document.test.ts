import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDraftOf, readPolicyDraft } from "#components/policies/policy-draft.ts";
import { profileDraftOf, readProfileDraft } from "#components/proxy-actions/profile-draft.ts";
import { readRouteDraft, routeDraftOf } from "#components/routes/route-draft.ts";
import { readRuleDraft, ruleDraftOf } from "#components/rules/editor/rule-draft.ts";
import { actionSchema } from "#core/contract/action.ts";
import { type Policy, type Route, routeSchema } from "#core/contract/policy-document.ts";
import { profileSchema } from "#core/contract/proxy-action-profile.ts";
import type { Rule } from "#core/contract/rule.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { documentArbitrary } from "../support/policy-arbitrary.ts";

const seed = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
// What fails is printed as it is: to make it small takes minutes.
const runs = { seed, numRuns: 60, endOnFailure: true };

/** As a form can say it: no blanks around an entry, lines that say the same are one. Of a pattern every blank counts. */
function typed(value: unknown, name = ""): unknown {
  if (typeof value === "string") return name === "pattern" || name === "like" ? value : value.trim();
  if (Array.isArray(value)) {
    const entries: unknown[] = value.map((entry) => typed(entry));
    return entries.every((entry) => typeof entry === "string") ? [...new Set(entries)] : entries;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typed(inner, key)]));
}

/** What holds an entry of blanks alone, a form cannot say. */
function expectSame(read: { ok: boolean; value?: unknown }, given: unknown): void {
  if (/"\s+"/.test(JSON.stringify(given))) return;
  expect(typed(read)).toEqual({ ok: true, value: typed(given) });
}

/** Without what does nothing in the mode that is chosen: the form leaves it out. */
function effective(route: Route): Route {
  const { tls, ...rest } = route;
  const spoolOn = route.protocol === "smtp" && route.delivery !== "inline-or-spool" ? { spoolOn: undefined } : {};
  return routeSchema.parse({ ...rest, ...spoolOn, ...(tls && { tls: effectiveTls(tls) }) });
}

function effectiveTls({ mode, verify, serverName, fingerprints }: NonNullable<Route["tls"]>) {
  if (mode === "none") return { mode };
  if (mode === "preferred") return { mode, serverName };
  return { mode, verify, serverName, ...(verify === "fingerprint" && { fingerprints }) };
}

/** A listener without TLS needs no certificates. */
function withoutIdleTls(policy: Policy): Policy {
  const listen = policy.listen.map(({ tls, ...rest }) => ({ ...rest, ...(tls && tls.mode !== "none" && { tls }) }));
  return { ...policy, listen };
}

/** A reply without anything of its own is none. */
function withoutEmptyReply({ action, ...rule }: Rule): Rule {
  return { ...rule, action: actionSchema.parse(JSON.parse(JSON.stringify(action).replace(',"reply":{}', ""))) };
}

describe(`of any document (seed ${seed})`, () => {
  it("each route comes back from its form as it was", () => {
    fc.assert(
      fc.property(documentArbitrary, ({ routes }) => {
        for (const route of routes) {
          expectSame(readRouteDraft(routeDraftOf(route)), effective(route));
        }
      }),
      runs,
    );
  });

  it("each policy comes back from its form as it was", () => {
    fc.assert(
      fc.property(documentArbitrary, ({ policies }) => {
        for (const policy of policies) {
          expectSame(readPolicyDraft(policyDraftOf(policy)), withoutIdleTls(policy));
        }
      }),
      runs,
    );
  });

  it("the settings of each proxy action come back from their form as they were", () => {
    fc.assert(
      fc.property(documentArbitrary, ({ proxyActions }) => {
        for (const { rulesets: _, ...settings } of proxyActions) {
          const profile = profileSchema.parse(settings);
          expectSame(readProfileDraft(profileDraftOf(profile)), profile);
        }
      }),
      runs,
    );
  });

  it("each rule comes back from its editor as it was, with the comments in its condition", () => {
    fc.assert(
      fc.property(documentArbitrary, ({ proxyActions, lists, notices, dictionaries }) => {
        const names = {
          lists: new Map(lists.map(({ name, kind }) => [name, kind])),
          notices: new Set(notices.map(({ name }) => name)),
          dictionaries: dictionaries.map(({ name }) => name),
        };
        for (const action of proxyActions) {
          for (const { stage, ruleset } of rulesetsOf(action)) {
            for (const { id: _, ...rule } of ruleset.rules) {
              const read = readRuleDraft(ruleDraftOf(rule), { ...names, protocol: action.protocol, stage });
              expectSame(read.ok ? { ok: true, value: read.value } : read, withoutEmptyReply(rule));
            }
          }
        }
      }),
      runs,
    );
  });
});
