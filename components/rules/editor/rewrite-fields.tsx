"use client";
import dynamic from "next/dynamic";
import { ChoiceField, LinesField, TextField } from "#components/ui/form-fields.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type RewriteForm, rewriteWays } from "./rewrite-form.ts";

// RE2 is large: it comes once somebody writes a rewrite.
const RewriteTest = dynamic(() => import("./rewrite-test.tsx").then((module) => module.RewriteTest), {
  loading: () => <Skeleton rows={1} label="Loading the test box" />,
  ssr: false,
});

type RewriteFieldsProps = {
  form: RewriteForm;
  /** Of a sender: an alias is one address. */
  sender: boolean;
  problem: string | undefined;
  onChange: (form: RewriteForm) => void;
};

/** How an address becomes another one, with a box to try it. */
export function RewriteFields({ form, sender, problem, onChange }: RewriteFieldsProps) {
  const set = (change: Partial<RewriteForm>) => onChange({ ...form, ...change });
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line p-3">
      <ChoiceField
        label="How"
        value={form.by}
        choices={rewriteWays}
        problem={undefined}
        onChange={(value) => set({ by: rewriteWays.find((way) => way.value === value)?.value ?? form.by })}
      />
      {form.by === "pattern" && (
        <>
          <TextField
            label="Pattern (RE2)"
            help="Must fit the whole address; upper and lower case are the same."
            className="font-mono"
            placeholder="(.*)\+.*@example\.org"
            maxLength={1024}
            spellCheck={false}
            value={form.pattern}
            problem={undefined}
            onChange={(pattern) => set({ pattern })}
          />
          <TextField
            label="Becomes"
            help="$1 to $9 are the groups of the pattern."
            className="font-mono"
            placeholder="$1@example.org"
            maxLength={320}
            spellCheck={false}
            value={form.to}
            problem={problem}
            onChange={(to) => set({ to })}
          />
        </>
      )}
      {form.by === "domains" && (
        <LinesField
          label="Domains"
          help="old.example = new.example."
          value={form.domains}
          problem={problem}
          onChange={(domains) => set({ domains })}
        />
      )}
      {form.by === "aliases" && (
        <LinesField
          label="Aliases"
          help={
            sender
              ? "old@example.org = new@example.org."
              : "team@example.org = ann@example.org, bob@example.org; several get a copy each."
          }
          value={form.aliases}
          problem={problem}
          onChange={(aliases) => set({ aliases })}
        />
      )}
      <RewriteTest form={form} />
    </div>
  );
}
