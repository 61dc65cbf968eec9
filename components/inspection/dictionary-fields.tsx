"use client";
import { ChoiceField, LinesField, NameField, NumberField } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { dictionarySchema } from "#core/contract/dictionary.ts";
import { classifiers } from "#core/text/classifiers/classifiers.ts";
import type { DictionaryDraft } from "./inspection-draft.ts";

const counts = [
  { value: "distinct", words: "Each match once, however often it stands there" },
  { value: "all", words: "Every match" },
];

type DictionaryFieldsProps = {
  draft: DictionaryDraft;
  problems: FormProblems;
  set: (change: Partial<DictionaryDraft>) => void;
};

export function DictionaryFields({ draft, problems, set }: DictionaryFieldsProps) {
  return (
    <>
      <NameField value={draft.name} problem={problems.name} onChange={(name) => set({ name })} />
      <NumberField
        label="Threshold"
        help="The score from which rules hear of it."
        schema={dictionarySchema.shape.threshold}
        value={draft.threshold}
        problem={problems.threshold}
        onChange={(threshold) => set({ threshold })}
      />
      <ChoiceField
        label="Counts"
        choices={counts}
        value={draft.count}
        problem={problems.count}
        onChange={(count) => set({ count })}
      />
      <LinesField
        label="Entries"
        help={
          <>
            A word or phrase; <code className="font-mono">/pattern/</code> (RE2); or with a weight:{" "}
            <code className="font-mono">
              {"{ classifier: iban, weight: 5, near: { words: [account], within: 100 } }"}
            </code>
            .
          </>
        }
        rows={12}
        value={draft.entries}
        problem={problemAt(problems, "entries")}
        onChange={(entries) => set({ entries })}
      />
      <details>
        <summary className="w-fit cursor-pointer text-accent">Classifiers ({classifiers.length})</summary>
        <ul className="mt-1 flex flex-col gap-1">
          {classifiers.map(({ name, label, near }) => (
            <li key={name}>
              <code className="font-mono">{name}</code>{" "}
              <span className="text-muted">
                {label}
                {near !== undefined && `; counts near ${near.words.slice(0, 3).join(", ")} … unless you say otherwise`}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
