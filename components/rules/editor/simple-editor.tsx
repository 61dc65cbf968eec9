"use client";
import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, FormSection, LinesField } from "#components/ui/form-fields.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import { useOpened } from "#components/ui/use-opened.ts";
import { type FactName, factIsKnown, facts } from "#core/contract/facts.ts";
import { type SimpleRuleset, toSimple } from "#core/policy/simple-ruleset.ts";
import { editSimpleRulesetAction } from "#lib/proxy-actions/actions.ts";
import type { EditableRuleset, RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { ActionFields } from "./action-fields.tsx";
import { factChoices } from "./fact-choices.ts";
import { RuleGone } from "./rule-gone.tsx";
import { readSimpleDraft, simpleDefaults, simpleDraftOf } from "./simple-draft.ts";

/** The editor of a ruleset as patterns, as it was opened; `found` is the ruleset as the page has it now. */
export function OpenSimple({ found, closeHref }: { found: EditableRuleset | null; closeHref: string }) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null) return <RuleGone closeHref={closeHref} />;
  const { place, ruleset } = opened;
  const read = toSimple(ruleset, simpleDefaults(place.protocol, place.ruleset));
  if (!read.ok) return <RuleGone closeHref={closeHref} />;
  return (
    <SimpleEditor opened={opened} initial={read.simple} changedMeanwhile={meanwhile !== null} closeHref={closeHref} />
  );
}

type SimpleEditorProps = {
  opened: EditableRuleset;
  initial: SimpleRuleset;
  changedMeanwhile: boolean;
  closeHref: string;
};

/** Patterns, one a line, with one action for a match and one for the rest, into the draft. What was typed survives every refusal. */
function SimpleEditor({ opened, initial, changedMeanwhile, closeHref }: SimpleEditorProps) {
  const { place, version, ruleset } = opened;
  const editor = useDraftEditor(closeHref);
  const [draft, setDraft] = useState(() => simpleDraftOf(initial));
  const simple = readSimpleDraft(draft);
  const count = linesOf(draft.text).length;
  const network = facts[draft.fact].kind === "network";
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));

  function save() {
    if (simple === null) return editor.submit(null);
    const seen = ruleset.rules.flatMap(({ id }, n) =>
      id === undefined ? [] : [{ id, version: opened.versions[n] ?? 1 }],
    );
    const asked = () =>
      editSimpleRulesetAction({
        proxyActionId: place.proxyActionId,
        ruleset: place.ruleset,
        version,
        seen,
        simple,
      });
    editor.submit(() => editor.send(asked(), `${stageTitle(place.ruleset)} rules saved to the draft.`));
  }

  return (
    <DraftDrawer
      title={`${stageTitle(place.ruleset)} patterns`}
      description={`${place.proxyAction}, ${stageTitle(place.ruleset).toLowerCase()} ruleset`}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
    >
      {!editor.saved && <MeanwhileNotice what="ruleset" meanwhile={changedMeanwhile ? "changed" : null} />}
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
        problem={undefined}
        onChange={(text) => set({ text })}
      />
      <FormSection title="If matched" help={count === 0 ? "Felt once there is a pattern." : undefined}>
        <ActionFields
          form={draft.matched}
          protocol={place.protocol}
          ruleset={place.ruleset}
          onChange={(matched) => set({ matched })}
        />
        <Checkbox label="Log matches" checked={draft.log} onChange={({ target }) => set({ log: target.checked })} />
      </FormSection>
      <FormSection title="None matched" help={`Every other ${stageWhat(place.ruleset)}.`}>
        <ActionFields
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
