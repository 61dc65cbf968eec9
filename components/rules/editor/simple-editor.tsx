"use client";
import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, FormSection, LinesField } from "#components/ui/form-fields.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { problemAt, problemsSoFar } from "#components/ui/read-form.ts";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import { type Meanwhile, useOpened } from "#components/ui/use-opened.ts";
import { type FactName, factIsKnown, facts } from "#core/contract/facts.ts";
import { type SimpleRuleset, simpleRulesetSchema, toSimple } from "#core/policy/simple-ruleset.ts";
import { editSimpleRulesetAction } from "#lib/proxy-actions/actions.ts";
import type { EditableRuleset, RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { ActionFields } from "./action-fields.tsx";
import { factChoices } from "./fact-choices.ts";
import { readSimpleDraft, simpleDefaults, simpleDraftOf } from "./simple-draft.ts";

/** The editor of a ruleset as patterns, as it was opened; `found` is the ruleset as the page has it now. */
export function OpenSimple({ found, closeHref }: { found: EditableRuleset | null; closeHref: string }) {
  const { opened, meanwhile } = useOpened(found);
  const gone = { closeHref, back: "Show the rules" };
  if (opened === null) return <GoneDialog what="This ruleset" {...gone} />;
  const { place, ruleset } = opened;
  const read = toSimple(ruleset, simpleDefaults(place.protocol, place.ruleset));
  if (!read.ok) return <GoneDialog what="This list of patterns" why={read.why} {...gone} />;
  return <SimpleEditor opened={opened} initial={read.simple} meanwhile={meanwhile} closeHref={closeHref} />;
}

type SimpleEditorProps = {
  opened: EditableRuleset;
  initial: SimpleRuleset;
  /** What somebody else did to the ruleset since it was opened. */
  meanwhile: Meanwhile;
  closeHref: string;
};

/** Patterns, one a line, with one action for a match and one for the rest, into the draft. What was typed survives every refusal. */
function SimpleEditor({ opened, initial, meanwhile, closeHref }: SimpleEditorProps) {
  const { place, version } = opened;
  const { proxyActionId, ruleset } = place;
  const [start] = useState(() => simpleDraftOf(initial));
  const form = useDraftForm({
    closeHref,
    object: `patterns of ${proxyActionId} ${ruleset}`,
    opened: { version, value: initial },
    initial: start,
    schema: simpleRulesetSchema,
    draftOf: simpleDraftOf,
    read: readSimpleDraft,
  });
  const { draft, set } = form;
  const problems = problemsSoFar(form.read, form.tried);
  const count = linesOf(draft.text).length;
  const network = facts[draft.fact].kind === "network";

  const save = () =>
    form.save({
      ask: (simple, from) => editSimpleRulesetAction({ proxyActionId, ruleset, version: from ?? version, simple }),
      done: () => `${stageTitle(ruleset)} rules saved to the draft.`,
    });

  return (
    <DraftDrawer
      title={`${stageTitle(place.ruleset)} patterns`}
      description={`${place.proxyAction}, ${stageTitle(place.ruleset).toLowerCase()} ruleset`}
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
    >
      <FormNotices form={form} what="ruleset" schema={simpleRulesetSchema} meanwhile={meanwhile} />
      <ChoiceField
        label="Look at"
        value={draft.fact}
        choices={patternFacts(place).map((fact) => ({ value: fact, words: facts[fact].words }))}
        problem={undefined}
        onChange={(value) => set({ fact: patternFacts(place).find((fact) => fact === value) ?? draft.fact })}
      />
      <LinesField
        label={network ? "Networks" : "Patterns"}
        help={
          network
            ? "Addresses or networks: 192.0.2.1, 198.51.100.0/24."
            : `* stands for any characters, ? for one; upper and lower case are the same. Every pattern is a rule of its own.${knownWords(draft.fact, place)}`
        }
        rows={8}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- else the drawer opens on the button that closes it
        autoFocus
        value={draft.text}
        problem={problemAt(problems, "patterns")}
        onChange={(text) => set({ text })}
      />
      <FormSection title="If matched" help={count === 0 ? "Felt once there is a pattern." : undefined}>
        <ActionFields
          key={form.generation}
          form={draft.matched}
          protocol={place.protocol}
          ruleset={place.ruleset}
          onChange={(matched) => set({ matched })}
        />
        <Checkbox label="Log matches" checked={draft.log} onChange={({ target }) => set({ log: target.checked })} />
      </FormSection>
      <FormSection title="None matched" help={`Every other ${stageWhat(place.ruleset)}.`}>
        <ActionFields
          key={form.generation}
          form={draft.noneMatched}
          protocol={place.protocol}
          ruleset={place.ruleset}
          onChange={(noneMatched) => set({ noneMatched })}
        />
        <Checkbox
          label="Log what comes here"
          checked={draft.logNoneMatched}
          onChange={({ target }) => set({ logNoneMatched: target.checked })}
        />
      </FormSection>
    </DraftDrawer>
  );
}

/** Readings that people do not know by heart. */
function knownWords(fact: FactName, { protocol }: RulePlace): string {
  const known = factChoices(fact, protocol);
  return known === null ? "" : ` There are ${known.join(", ")}.`;
}

/** The facts of the ruleset that patterns can be about. */
function patternFacts({ protocol, ruleset }: RulePlace): FactName[] {
  return Object.keys(facts)
    .filter((name): name is FactName => name in facts)
    .filter((name) => facts[name].kind !== "number" && factIsKnown(name, protocol, ruleset));
}
