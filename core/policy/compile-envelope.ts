import type { Condition, TextTest } from "#core/contract/condition.ts";
import type { FactName, Facts, SmtpStage } from "#core/contract/facts.ts";
import type { Policy, Route, SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import type { TlsRule } from "#core/contract/smtp-settings.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { type CompiledLists, compileCondition, compileTextTest } from "./compile-condition.ts";

/** What a proxy action says about envelopes besides its rulesets. */
export type CompiledEnvelope = {
  /**
   * What of the content rules depends on who the recipient is: two recipients with the same text get the same verdict from
   * the header, attachment and message rulesets. Rules that only observe or have expired treat nobody differently.
   */
  treatmentOf(recipient: RecipientFacts, now: number): string;
  /** The first rule that fits both domains; their spellings as in the facts. */
  tlsRuleOf(senderDomains: readonly string[], recipientDomains: readonly string[]): TlsRule | null;
  /** The rule that decides for this sender whoever the recipient is, or null where that depends on the recipient. */
  tlsRuleOfSender(senderDomains: readonly string[]): TlsRule | null;
  /** Whether the list of recipients knows the address; null: recipients are not checked by a list. */
  listsRecipient: ((address: string) => boolean) | null;
};

export type RecipientFacts = Required<Pick<Facts, "recipient" | "recipientDomain">>;

export function compileEnvelope({ rulesets, settings }: SmtpProxyAction, lists: CompiledLists): CompiledEnvelope {
  const contentStages: SmtpStage[] = ["header", "attachment", "message"];
  const rules = contentStages.flatMap((stage) => rulesets[stage]?.rules ?? []);
  const tests = rules.flatMap((rule) => recipientTests(rule, lists));
  const { mode, list } = settings.recipientVerification;
  return {
    treatmentOf: (recipient, now) => tests.map((test) => (now < test.until ? test.outcome(recipient) : "-")).join(""),
    ...compileTlsRules(settings.tlsRules, lists),
    listsRecipient: mode === "list" && list !== undefined ? listLookup(list, lists) : null,
  };
}

type RecipientTest = { until: number; outcome(recipient: RecipientFacts): string };

function recipientTests({ state, expires, when }: Rule, lists: CompiledLists): RecipientTest[] {
  if (state !== "on" || when === undefined) return [];
  const until = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
  return testsAboutRecipients(when).map((test) => {
    const some = compileCondition(test, lists, "some");
    const every = compileCondition(test, lists, "every");
    return {
      until,
      outcome: (recipient) => `${some.holds(recipient) ? 1 : 0}${every.holds(recipient) ? 1 : 0}`,
    };
  });
}

const aboutRecipients: readonly FactName[] = ["recipient", "recipientDomain"];

/** Each test of the condition, however deep, that asks for the recipient: as a condition of its own. */
function testsAboutRecipients(condition: Condition): Condition[] {
  const inside = [condition.all, condition.any, condition.none].flatMap((group) => group ?? []);
  const own = aboutRecipients.flatMap((fact) =>
    condition[fact] === undefined ? [] : [{ [fact]: condition[fact] } as Condition],
  );
  return [...own, ...inside.flatMap(testsAboutRecipients)];
}

function compileTlsRules(
  rules: readonly TlsRule[],
  lists: CompiledLists,
): Pick<CompiledEnvelope, "tlsRuleOf" | "tlsRuleOfSender"> {
  const compiled = rules.map((rule) => ({
    rule,
    fitsSender: textTest(rule.senderDomain, lists),
    fitsRecipient: textTest(rule.recipientDomain, lists),
  }));
  return {
    tlsRuleOf: (sender, recipient) =>
      compiled.find((rule) => rule.fitsSender(sender) && rule.fitsRecipient(recipient))?.rule ?? null,
    tlsRuleOfSender: (sender) => {
      const first = compiled.find((rule) => rule.fitsSender(sender))?.rule;
      return first?.recipientDomain === undefined ? (first ?? null) : null;
    },
  };
}

type ReadingsTest = (readings: readonly string[]) => boolean;

/** A test outside a condition, which holds when one of the readings passes it; absent: always. */
export function textTest(test: TextTest | undefined, lists: CompiledLists): ReadingsTest {
  if (test === undefined) return () => true;
  const matches = compileTextTest(test, lists);
  return (readings) => readings.some((reading) => matches(foldAscii(reading)));
}

function listLookup(name: string, lists: CompiledLists): (address: string) => boolean {
  const matches = lists.text(name);
  return (address) => matches(foldAscii(address));
}

/** The route of a recipient by the spellings of its domain: the first of the policy's own that fits, else its usual one. */
export function compileRoutes(
  { to }: Policy,
  usual: Route,
  routes: ReadonlyMap<string, Route>,
  lists: CompiledLists,
): (recipientDomains: readonly string[]) => Route {
  const byDomain = to.routes.flatMap(({ recipientDomain, route: name }) => {
    const route = routes.get(name);
    return route === undefined ? [] : [{ fits: textTest(recipientDomain, lists), route }];
  });
  return (domains) => byDomain.find(({ fits }) => fits(domains))?.route ?? usual;
}
