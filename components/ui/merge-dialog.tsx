"use client";
import { type ReactNode, useId, useState } from "react";
import type { z } from "zod";
import { type MergedField, mergeFields, withFields } from "#core/policy/merge.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { fieldLabel, fieldValueWords } from "./field-words.ts";
import { Notice } from "./notice.tsx";

type MergeDialogProps<T> = {
  /** Its noun. */
  what: string;
  schema: z.ZodType<T>;
  /** As both began with it, as it was typed here, and as somebody else saved it. */
  base: T;
  mine: T;
  theirs: T;
  /** What both make together, or null: back to what was typed. */
  onSettled: (merged: T | null) => void;
};

const whoWords = {
  mine: "Only you changed it.",
  theirs: "Only the other changed it.",
  both: "You both changed it: the changes go together.",
} as const;

/** Mine, theirs and both together, field by field: what only one changed is taken, of the others one is chosen. */
export function MergeDialog<T>({ what, schema, base, mine, theirs, onSettled }: MergeDialogProps<T>) {
  const [fields, setFields] = useState(() => mergeFields(base, mine, theirs));
  const merged = schema.safeParse(withFields(mine, fields));
  const clashes = fields.filter(({ kind }) => kind === "clash");
  const others = fields.filter(({ kind }) => kind !== "clash");
  const take = (field: MergedField, value: unknown) =>
    setFields(fields.map((one) => (one.path === field.path ? { ...one, value } : one)));
  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => open || onSettled(null)}
      title={`Two of you changed this ${what}`}
      description={
        clashes.length === 0
          ? "You did not change the same fields. This is both together."
          : "Where you changed the same field, choose what stands. Nothing is saved yet."
      }
      footer={
        <>
          <Button onClick={() => onSettled(null)}>Back to what I typed</Button>
          <Button variant="primary" disabled={!merged.success} onClick={() => merged.success && onSettled(merged.data)}>
            Save both together
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {!merged.success && (
          <Notice kind="fault">
            This does not go together: {merged.error.issues[0]?.message ?? "it is not valid"}. Choose otherwise, or go
            back.
          </Notice>
        )}
        {clashes.map((field) => (
          <Clash key={field.path.join(".")} field={field} onTake={(value) => take(field, value)} />
        ))}
        {others.length > 0 && (
          <dl className="flex flex-col gap-3">
            {others.map((field) => (
              <Settled key={field.path.join(".")} field={field} />
            ))}
          </dl>
        )}
      </div>
    </Dialog>
  );
}

function Clash({ field, onTake }: { field: MergedField; onTake: (value: unknown) => void }) {
  const name = useId();
  const { path, base, mine, theirs, value } = field;
  return (
    <fieldset className="flex flex-col gap-1 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">{fieldLabel(path)}</legend>
      <p className="text-muted [overflow-wrap:anywhere]">Before: {fieldValueWords(path, base)}</p>
      <Choice name={name} checked={value === mine} onChoose={() => onTake(mine)}>
        Mine: {fieldValueWords(path, mine)}
      </Choice>
      <Choice name={name} checked={value === theirs} onChoose={() => onTake(theirs)}>
        Theirs: {fieldValueWords(path, theirs)}
      </Choice>
    </fieldset>
  );
}

type ChoiceProps = { name: string; checked: boolean; onChoose: () => void; children: ReactNode };

function Choice({ name, checked, onChoose, children }: ChoiceProps) {
  return (
    <label className="flex min-h-6 items-start gap-2">
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </label>
  );
}

function Settled({ field: { path, kind, value } }: { field: MergedField }) {
  if (kind === "clash") return null;
  return (
    <div>
      <dt className="font-medium">{fieldLabel(path)}</dt>
      <dd className="[overflow-wrap:anywhere]">
        {fieldValueWords(path, value)} <span className="text-muted">{whoWords[kind]}</span>
      </dd>
    </div>
  );
}
