"use client";
import type { ComponentProps, ReactNode } from "react";
import type { z } from "zod";
import { classNames } from "./class-names.ts";
import { Field } from "./field.tsx";
import { formatSpan } from "./format.ts";
import { Input } from "./input.tsx";
import { linesOf } from "./lines.ts";
import { type NumberBounds, numberBounds } from "./number-bounds.ts";
import { Select } from "./select.tsx";
import { Textarea } from "./textarea.tsx";

type FormFieldProps = {
  label: string;
  /** What it does, in a sentence. */
  help?: ReactNode;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
};

type TextFieldProps = FormFieldProps & Omit<ComponentProps<typeof Input>, "value" | "onChange">;

/** A line of text with its help and what is wrong with it. */
export function TextField({ label, help, value, problem, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={help} error={problem}>
      {(control) => <Input {...rest} {...control} value={value} onChange={({ target }) => onChange(target.value)} />}
    </Field>
  );
}

/** The name of an object, where a drawer or dialog opens. */
export function NameField(props: Omit<TextFieldProps, "label" | "maxLength" | "autoFocus">) {
  return (
    <TextField
      {...props}
      label="Name"
      maxLength={100}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- else what opens begins on the button that closes it
      autoFocus
    />
  );
}

type NumberFieldProps = FormFieldProps & {
  unit?: string;
  /** Of the contract: its bounds and default are told. */
  schema: z.core.$ZodType;
  /** What holds while the field is empty, where the schema has no default. */
  whenEmpty?: string;
};

/** A whole number with its unit, bounds and default; empty stands for the default. */
export function NumberField({ label, help, unit, value, problem, schema, whenEmpty, onChange }: NumberFieldProps) {
  const bounds = numberBounds(schema);
  return (
    <Field
      label={unit === undefined ? label : `${label} (${unit})`}
      hint={
        <>
          {help} {boundsWords(bounds, unit, whenEmpty)}
        </>
      }
      error={problem}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          className="max-w-40"
          placeholder={bounds.byDefault === null ? "" : String(bounds.byDefault)}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

function boundsWords(
  { min, max, byDefault }: NumberBounds,
  unit: string | undefined,
  whenEmpty: string | undefined,
): string {
  const amount = (value: number) =>
    unit === "ms" && value >= 1_000
      ? `${value.toLocaleString("en")} (${formatSpan(value)})`
      : value.toLocaleString("en");
  const range = min === null || max === null ? "" : `From ${amount(min)} to ${amount(max)}`;
  const empty = byDefault === null ? whenEmpty : amount(byDefault);
  if (empty === undefined) return range === "" ? "" : `${range}.`;
  return range === "" ? `Empty: ${empty}.` : `${range}; empty: ${empty}.`;
}

type LinesFieldProps = FormFieldProps & { rows?: number; className?: string; autoFocus?: boolean };

/** Entries, one a line. */
export function LinesField(props: LinesFieldProps) {
  const { label, help, value, problem, rows = 3, className, autoFocus, onChange } = props;
  const count = linesOf(value).length;
  return (
    <Field
      label={label}
      hint={
        <>
          {help} One a line{count > 1 ? `; ${count} now` : ""}.
        </>
      }
      error={problem}
    >
      {(control) => (
        <Textarea
          {...control}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the caller says where a drawer opens
          autoFocus={autoFocus}
          className={classNames("font-mono", className)}
          rows={rows}
          spellCheck={false}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

export type Choice = { value: string; words: string };
type ChoiceFieldProps = FormFieldProps & { choices: readonly Choice[]; disabled?: boolean };

/** One of several; a value that is not among them any more is shown as such. */
export function ChoiceField({ label, help, value, problem, choices, disabled, onChange }: ChoiceFieldProps) {
  const known = choices.some((choice) => choice.value === value);
  return (
    <Field label={label} hint={help} error={problem}>
      {(control) => (
        <Select {...control} disabled={disabled} value={value} onChange={({ target }) => onChange(target.value)}>
          {!known && <option value={value}>{value === "" ? "Choose…" : `${value} (not there any more)`}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** A part of a form with its heading. */
export function FormSection({ title, help, children }: { title: string; help?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 font-semibold">{title}</legend>
      {help && <p className="text-muted">{help}</p>}
      {children}
    </fieldset>
  );
}
