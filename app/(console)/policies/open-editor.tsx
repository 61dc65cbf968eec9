import { FindingsOf } from "#components/lint/findings-of.tsx";
import { OpenPolicy } from "#components/policies/open-policy.tsx";
import { newPolicy } from "#components/policies/policy-draft.ts";
import { PolicyEditor } from "#components/policies/policy-editor.tsx";
import { DefaultEditor } from "#components/rules/editor/default-editor.tsx";
import { newRule } from "#components/rules/editor/new-rule.ts";
import { OpenRule } from "#components/rules/editor/open-rule.tsx";
import { RuleChoicesProvider } from "#components/rules/editor/rule-choices.tsx";
import { RuleEditor } from "#components/rules/editor/rule-editor.tsx";
import { RuleHistory } from "#components/rules/editor/rule-history.tsx";
import { OpenSimple } from "#components/rules/editor/simple-editor.tsx";
import { RuleTrial } from "#components/simulator/rule-trial.tsx";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import type { Protocol } from "#core/contract/facts.ts";
import { exceptionTo } from "#lib/messages/exception-rule.ts";
import { readJudged } from "#lib/messages/queries.ts";
import { policyChoices, readPolicy } from "#lib/policies/queries.ts";
import {
  readDefault,
  readPlace,
  readRule,
  readRuleChoices,
  readRuleset,
  sectionAround,
} from "#lib/proxy-actions/queries.ts";
import { readRuleHistory } from "#lib/rule-history/queries.ts";
import { interfacesOf } from "#lib/simulator/queries.ts";
import type { PolicySearch } from "./search.ts";

const rulesetGone = { what: "This ruleset", back: "Show the rules" };

/** The editor that the address names, if any. */
export async function OpenEditor({ search, closeHref }: { search: PolicySearch; closeHref: string }) {
  if (search.policy !== undefined) return <EditPolicy policyId={search.policy} closeHref={closeHref} />;
  if (search.add !== undefined) return <AddPolicy protocol={search.add} closeHref={closeHref} />;
  if (search.edit !== undefined) return <EditRule ruleId={search.edit} closeHref={closeHref} />;
  if (search.new !== undefined) return <NewRule target={search.new} search={search} closeHref={closeHref} />;
  if (search.default !== undefined) return <EditDefault target={search.default} closeHref={closeHref} />;
  if (search.simple !== undefined) return <EditSimple target={search.simple} closeHref={closeHref} />;
  return null;
}

async function EditPolicy({ policyId, closeHref }: { policyId: string; closeHref: string }) {
  const [found, choices] = await Promise.all([readPolicy(policyId), policyChoices(new Date())]);
  return <OpenPolicy key={policyId} found={found} choices={choices} closeHref={closeHref} />;
}

async function AddPolicy({ protocol, closeHref }: { protocol: Protocol; closeHref: string }) {
  const choices = await policyChoices(new Date());
  const initial = newPolicy(protocol, choices);
  return (
    <PolicyEditor key={protocol} target={{ kind: "new" }} initial={initial} choices={choices} closeHref={closeHref} />
  );
}

async function EditRule({ ruleId, closeHref }: { ruleId: string; closeHref: string }) {
  const [found, choices] = await Promise.all([readRule(ruleId), readRuleChoices()]);
  const interfaces = found === null ? [] : await interfacesOf(found.place.proxyActionId);
  const history =
    found === null ? null : await readRuleHistory({ id: found.id, name: found.rule.name, ...found.place });
  return (
    <RuleChoicesProvider choices={choices}>
      <OpenRule key={ruleId} found={found} closeHref={closeHref} trial={<RuleTrial interfaces={interfaces} />}>
        <FindingsOf kind="rule" id={ruleId} />
        {history !== null && <RuleHistory history={history} />}
      </OpenRule>
    </RuleChoicesProvider>
  );
}

type NewRuleProps = {
  target: string;
  /** `exception` is the id of a message that it is to let through. */
  search: Pick<PolicySearch, "exception" | "section">;
  closeHref: string;
};

async function NewRule({ target, search: { exception, section }, closeHref }: NewRuleProps) {
  const [proxyActionId = "", ruleset = "", before = "end"] = target.split(":");
  const [place, choices, judged] = await Promise.all([
    readPlace(proxyActionId, ruleset),
    readRuleChoices(),
    exception === undefined ? null : readJudged(exception),
  ]);
  if (place === null) return <GoneDialog {...rulesetGone} closeHref={closeHref} />;
  const interfaces = await interfacesOf(place.proxyActionId);
  const joined = section ?? (await sectionAround(place, before));
  const at = { kind: "new", before: before === "end" ? null : before } as const;
  const excepted = judged?.protocol === place.protocol ? judged : null;
  const initial = excepted === null ? newRule(place.protocol, place.ruleset) : exceptionTo(excepted, place.ruleset);
  return (
    <RuleChoicesProvider choices={choices}>
      <RuleEditor
        key={`${target} ${exception}`}
        target={at}
        place={place}
        initial={{ ...initial, ...(joined !== undefined && { section: joined }) }}
        closeHref={closeHref}
        trial={<RuleTrial interfaces={interfaces} />}
      />
    </RuleChoicesProvider>
  );
}

async function EditDefault({ target, closeHref }: { target: string; closeHref: string }) {
  const [proxyActionId = "", ruleset = ""] = target.split(":");
  const [found, choices] = await Promise.all([readDefault(proxyActionId, ruleset), readRuleChoices()]);
  if (found === null) return <GoneDialog {...rulesetGone} closeHref={closeHref} />;
  const { place, version, noneMatched } = found;
  return (
    <RuleChoicesProvider choices={choices}>
      <DefaultEditor key={target} place={place} version={version} initial={noneMatched} closeHref={closeHref} />
    </RuleChoicesProvider>
  );
}

async function EditSimple({ target, closeHref }: { target: string; closeHref: string }) {
  const [proxyActionId = "", ruleset = ""] = target.split(":");
  const [found, choices] = await Promise.all([readRuleset(proxyActionId, ruleset), readRuleChoices()]);
  return (
    <RuleChoicesProvider choices={choices}>
      <OpenSimple key={target} found={found} closeHref={closeHref} />
    </RuleChoicesProvider>
  );
}
