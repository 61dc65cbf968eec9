import { DefaultEditor } from "#components/rules/default-editor.tsx";
import { newRule } from "#components/rules/new-rule.ts";
import { OpenRule } from "#components/rules/open-rule.tsx";
import { RuleEditor } from "#components/rules/rule-editor.tsx";
import { RuleGone } from "#components/rules/rule-gone.tsx";
import { listNames } from "#lib/lists/queries.ts";
import { readDefault, readPlace, readRule } from "#lib/proxy-actions/queries.ts";
import type { PolicySearch } from "./search.ts";

/** The editor that the address names, if any. */
export async function OpenEditor({ search, closeHref }: { search: PolicySearch; closeHref: string }) {
  if (search.edit !== undefined) return <EditRule ruleId={search.edit} closeHref={closeHref} />;
  if (search.new !== undefined) return <NewRule target={search.new} closeHref={closeHref} />;
  if (search.default !== undefined) return <EditDefault target={search.default} closeHref={closeHref} />;
  return null;
}

async function EditRule({ ruleId, closeHref }: { ruleId: string; closeHref: string }) {
  const [found, lists] = await Promise.all([readRule(ruleId), listNames()]);
  return <OpenRule key={ruleId} found={found} lists={lists} closeHref={closeHref} />;
}

async function NewRule({ target, closeHref }: { target: string; closeHref: string }) {
  const [proxyActionId = "", ruleset = "", before = "end"] = target.split(":");
  const [place, lists] = await Promise.all([readPlace(proxyActionId, ruleset), listNames()]);
  if (place === null) return <RuleGone closeHref={closeHref} />;
  const at = { kind: "new", before: before === "end" ? null : before } as const;
  const initial = newRule(place.protocol, place.ruleset);
  return <RuleEditor key={target} target={at} place={place} initial={initial} lists={lists} closeHref={closeHref} />;
}

async function EditDefault({ target, closeHref }: { target: string; closeHref: string }) {
  const [proxyActionId = "", ruleset = ""] = target.split(":");
  const found = await readDefault(proxyActionId, ruleset);
  if (found === null) return <RuleGone closeHref={closeHref} />;
  const { place, version, noneMatched } = found;
  return <DefaultEditor key={target} place={place} version={version} initial={noneMatched} closeHref={closeHref} />;
}
