"use client";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { SecretDraft } from "./credential-draft.ts";

type SecretFieldProps = {
  label: string;
  help?: string;
  /** Of one that can be taken away: what an empty field does where one was kept. */
  emptied?: string;
  value: SecretDraft;
  problem: string | undefined;
  onChange: (value: SecretDraft) => void;
};

/** A secret that is only ever written: one that is kept is not in the page, and is replaced as a whole. */
export function SecretField({ label, help, emptied, value, problem, onChange }: SecretFieldProps) {
  const labelId = useId();
  const [wasKept] = useState(value === null);
  if (value === null) {
    return (
      <div className="flex flex-col items-start gap-1">
        <p id={labelId} className="font-medium">
          {label}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-muted">kept, sealed; it cannot be shown</span>
          <Button size="small" aria-describedby={labelId} onClick={() => onChange("")}>
            {emptied === undefined ? "Replace" : "Replace or take away"}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-1">
      <div className="self-stretch">
        <Field label={label} hint={wasKept ? (emptied ?? help) : help} error={problem}>
          {(control) => (
            <Input
              {...control}
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that was pressed
              autoFocus={wasKept}
              type="password"
              autoComplete="new-password"
              data-1p-ignore
              value={value}
              onChange={({ target }) => onChange(target.value)}
            />
          )}
        </Field>
      </div>
      {wasKept && (
        <Button size="small" onClick={() => onChange(null)}>
          Keep the old one
        </Button>
      )}
    </div>
  );
}
