"use client";
import { useState } from "react";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormSection, LinesField, NameField } from "#components/ui/form-fields.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import { nameSchema } from "#core/contract/name.ts";
import { copyName } from "#core/policy/copy-name.ts";
import type { RequiredList } from "#core/policy/presets/preset.ts";
import { addFromPresetAction } from "#lib/proxy-actions/actions.ts";

type ClonePresetProps = {
  preset: { id: string; title: string; what: string };
  /** The lists that its rules ask about and the draft does not have. */
  missing: readonly RequiredList[];
  /** Of the proxy actions that there are. */
  names: readonly string[];
};

/** An editable copy of a preset, with the lists that it needs. */
export function ClonePreset({ preset, missing, names }: ClonePresetProps) {
  const editor = useDraftEditor("/proxy-actions");
  const [needed] = useState(missing);
  const [name, setName] = useState(() => freeName(preset.title, new Set(names)));
  const [texts, setTexts] = useState(() => new Map(needed.map((list) => [list.name, list.entries.join("\n")])));
  const read = nameSchema.safeParse(name.trim());
  const lists = needed.map((list) => ({ name: list.name, entries: linesOf(texts.get(list.name) ?? "") }));
  const complete = read.success && lists.every(({ entries }) => entries.length > 0);
  function save() {
    if (!complete) return editor.submit(null);
    const asked = () => addFromPresetAction({ preset: preset.id, name: read.data, lists });
    editor.submit(() => editor.send(asked(), `“${read.data}” is a clone of the preset in the draft.`));
  }
  return (
    <DraftDrawer
      title={`Clone ${preset.title}`}
      description={preset.what}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
    >
      <NameField
        value={name}
        problem={read.success ? undefined : name.trim() === "" ? "This is needed." : read.error.issues[0]?.message}
        onChange={setName}
      />
      {needed.length > 0 && (
        <FormSection
          title="Lists that its rules ask about"
          help="The draft does not have them yet; they are added with it and can be changed on the Lists page."
        >
          {needed.map((list) => (
            <LinesField
              key={list.name}
              label={`${list.name} (${list.kind})`}
              help={list.what}
              rows={list.entries.length > 0 ? 4 : 3}
              value={texts.get(list.name) ?? ""}
              problem={
                editor.tried && linesOf(texts.get(list.name) ?? "").length === 0 ? "Write at least one." : undefined
              }
              onChange={(text) => setTexts((before) => new Map([...before, [list.name, text]]))}
            />
          ))}
        </FormSection>
      )}
    </DraftDrawer>
  );
}

function freeName(title: string, taken: ReadonlySet<string>): string {
  return taken.has(title) ? copyName(title, taken) : title;
}
