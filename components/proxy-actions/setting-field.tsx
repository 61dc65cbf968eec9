"use client";
import { type ReactNode, useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Field, type FieldControl } from "#components/ui/field.tsx";
import { formatBytes, formatSpan } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { linesOf } from "#components/ui/lines.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { SettingHelp } from "#core/contract/setting-help.ts";
import type { SettingKind } from "./setting-kind.ts";
import { optionWords } from "./setting-words.ts";

type SettingFieldProps = {
  /** Its dotted path in the proxy action. */
  path: string;
  words: SettingHelp;
  kind: SettingKind;
  value: string;
  /** As text; undefined: it has none. */
  byDefault: string | undefined;
  problem: string | undefined;
  /** What the lint says of the saved value. */
  finding: string | undefined;
  /** Choices that are not the schema's: the names of lists, scanners, keys. */
  choices?: readonly string[];
  onChange: (value: string) => void;
};

/** One setting: label with unit, control, help, default with the way back to it, and a mark while it differs. */
export function SettingField(props: SettingFieldProps) {
  const { path, words, kind, value, byDefault, problem, finding, onChange } = props;
  const changed = byDefault !== undefined && value !== byDefault && !(kind.kind === "number" && value.trim() === "");
  const label = words.unit === null ? words.label : `${words.label} (${words.unit})`;
  const hint = (
    <>
      {words.help} {words.source !== null && <>({words.source}) </>}
      {kind.kind === "number" && kind.min !== null && kind.max !== null && (
        <>
          From {amount(String(kind.min), words.unit)} to {amount(String(kind.max), words.unit)}.{" "}
        </>
      )}
      {byDefault !== undefined && (
        <span className={kind.kind === "number" ? "whitespace-nowrap" : ""}>
          Default: {defaultWords(props, byDefault)}.
        </span>
      )}
    </>
  );
  return (
    <div
      id={path}
      className={classNames(
        "scroll-mt-4 flex min-w-0 flex-col gap-1 border-s-2 ps-2",
        changed ? "border-accent" : "border-transparent",
      )}
    >
      {kind.kind === "flag" || kind.kind === "choices" ? (
        <Group label={label} hint={hint} problem={problem} single={kind.kind === "flag"}>
          <Boxes {...props} />
        </Group>
      ) : (
        <Field label={label} hint={hint} error={problem}>
          {(control) => <Control {...props} control={control} />}
        </Field>
      )}
      {finding !== undefined && <p className="text-warn first-letter:uppercase">{finding}</p>}
      {changed && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <span className="font-medium text-accent">Not the default</span>
          <Button
            variant="quiet"
            size="small"
            aria-label={`Reset ${words.label} to the default`}
            onClick={() => onChange(byDefault)}
          >
            Reset
          </Button>
        </p>
      )}
    </div>
  );
}

function Control({
  path,
  kind,
  value,
  byDefault,
  choices,
  control,
  onChange,
}: SettingFieldProps & { control: FieldControl }) {
  const change = ({ target }: { target: { value: string } }) => onChange(target.value);
  if (kind.kind === "choice" || choices !== undefined) {
    const options = kind.kind === "choice" ? kind.options : ["", ...(choices ?? [])];
    return (
      <Select {...control} value={value} onChange={change}>
        {!options.includes(value) && <option value={value}>{value} (not there any more)</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {option === "" ? "none" : optionWords(path, option)}
          </option>
        ))}
      </Select>
    );
  }
  if (kind.kind === "lines") {
    return (
      <Textarea
        {...control}
        className="font-mono"
        rows={2}
        spellCheck={false}
        placeholder="One a line"
        value={value}
        onChange={change}
      />
    );
  }
  const number = kind.kind === "number";
  return (
    <Input
      {...control}
      className={number ? "max-w-44" : path === "name" ? "" : "font-mono"}
      inputMode={number ? "numeric" : "text"}
      autoComplete="off"
      spellCheck={false}
      maxLength={number ? 20 : 400}
      placeholder={number ? byDefault : undefined}
      value={value}
      onChange={change}
    />
  );
}

function Boxes({ path, words, kind, value, onChange }: SettingFieldProps) {
  if (kind.kind !== "choices") {
    return (
      <Checkbox
        label={words.label}
        checked={value === "on"}
        onChange={({ target }) => onChange(target.checked ? "on" : "off")}
      />
    );
  }
  const on = linesOf(value);
  const toggle = (option: string, checked: boolean) => {
    onChange(kind.options.filter((one) => (one === option ? checked : on.includes(one))).join("\n"));
  };
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {kind.options.map((option) => (
        <Checkbox
          key={option}
          label={optionWords(path, option)}
          checked={on.includes(option)}
          onChange={({ target }) => toggle(option, target.checked)}
        />
      ))}
    </div>
  );
}

type GroupProps = { label: string; hint: ReactNode; problem: string | undefined; single: boolean; children: ReactNode };

/** Boxes with the same help and error as a field; a single box carries its own label. */
function Group({ label, hint, problem, single, children }: GroupProps) {
  const id = useId();
  return (
    <div
      role="group"
      aria-label={label}
      aria-describedby={problem === undefined ? `${id}-hint` : `${id}-hint ${id}-error`}
      className="flex min-w-0 flex-col gap-1"
    >
      {!single && <p className="font-medium">{label}</p>}
      {children}
      <p id={`${id}-hint`} className="text-muted">
        {hint}
      </p>
      {problem !== undefined && (
        <p id={`${id}-error`} className="text-deny">
          {problem}
        </p>
      )}
    </div>
  );
}

function defaultWords({ path, words, kind }: SettingFieldProps, byDefault: string): string {
  if (byDefault === "") return "none";
  if (kind.kind === "number") return amount(byDefault, words.unit);
  return linesOf(byDefault)
    .map((one) => optionWords(path, one))
    .join(", ");
}

/** A number with its grouping, and what it is in words where it is large: 600,000 (10 min). */
function amount(text: string, unit: SettingHelp["unit"]): string {
  const value = Number(text);
  const grouped = value.toLocaleString("en");
  if (unit === "ms" && value >= 1_000) return `${grouped} (${formatSpan(value)})`;
  return unit === "bytes" && value >= 10_240 ? `${grouped} (${formatBytes(value)})` : grouped;
}
