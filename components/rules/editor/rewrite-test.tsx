"use client";
import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { actionSchema } from "#core/contract/action.ts";
import { compileRewrite } from "#core/policy/rewrite.ts";
import { type RewriteForm, rewriteInput, rewriteProblem } from "./rewrite-form.ts";

/** An address to try, and what the worker would make of it: the same code decides. */
export function RewriteTest({ form }: { form: RewriteForm }) {
  const [address, setAddress] = useState("");
  return (
    <div className="flex flex-col gap-1">
      <Field label="Try an address">
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            maxLength={320}
            placeholder="ann+news@example.org"
            value={address}
            onChange={({ target }) => setAddress(target.value)}
          />
        )}
      </Field>
      <p aria-live="polite" className="min-h-6 font-mono text-sm [overflow-wrap:anywhere]">
        {rewriteOutcome(form, address.trim())}
      </p>
    </div>
  );
}

/** In words what becomes of an address, or why that cannot be said. */
export function rewriteOutcome(form: RewriteForm, address: string): string {
  if (address === "" || rewriteProblem(form) !== null) return "";
  const action = actionSchema.safeParse({ kind: "rewrite", ...rewriteInput(form) });
  if (!action.success || action.data.kind !== "rewrite") return "The rewrite is not complete.";
  const compiled = compileRewrite(action.data);
  if (!compiled.ok) return `The pattern cannot be read: ${compiled.reason}`;
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const after = compiled.rewrite({ address, domains: [domain] });
  return after === null ? "Stays as it is: the rewrite does not fit it." : `→ ${after.join(", ")}`;
}
