import type { z } from "zod";

/** What is wrong with a form, by the dotted path of the field. */
export type FormProblems = Readonly<Record<string, string>>;
export type ReadForm<T> = { ok: true; value: T } | { ok: false; problems: FormProblems };

const needed = "This is needed.";

/** Reads what a form holds with the schema of the contract; what is wrong comes back in words for people. */
export function readForm<Schema extends z.ZodType>(schema: Schema, input: unknown): ReadForm<z.output<Schema>> {
  const parsed = schema.safeParse(input, { error: problemWords });
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) problems[path.join(".")] ??= message;
  return { ok: false, problems };
}

/** What a person is shown before the first try to save: not that fields are still empty. */
export function problemsSoFar<T>(read: ReadForm<T>, tried: boolean): FormProblems {
  if (read.ok) return {};
  return tried
    ? read.problems
    : Object.fromEntries(Object.entries(read.problems).filter(([, words]) => words !== needed));
}

/** The problem of a field, or of one of its lines. */
export function problemAt(problems: FormProblems, path: string): string | undefined {
  if (problems[path] !== undefined) return problems[path];
  return Object.entries(problems).find(([at]) => at.startsWith(`${path}.`))?.[1];
}

/** A number as people type it; blank is undefined, so that the schema's default holds. */
export function numberOf(text: string): number | undefined {
  const digits = text.trim().replaceAll(",", "");
  if (digits === "") return undefined;
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/** A text as people type it; blank is undefined. */
export function textOf(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim();
}

const addressFormats = ["ipv4", "ipv6"];

function problemWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined || issue.input === null) return needed;
      return issue.expected === "number" || issue.expected === "int" ? "Write a whole number." : undefined;
    case "too_small":
      if (issue.origin === "string")
        return issue.input === "" ? needed : `At least ${grouped(issue.minimum)} characters.`;
      return issue.origin === "array" ? `Name at least ${issue.minimum}.` : `At least ${grouped(issue.minimum)}.`;
    case "too_big":
      return issue.origin === "string"
        ? `At most ${grouped(issue.maximum)} characters.`
        : `At most ${grouped(issue.maximum)}.`;
    case "invalid_union": {
      const formats = issue.errors.flat().map((error) => ("format" in error ? String(error.format) : ""));
      if (issue.input === undefined || issue.input === "") return needed;
      return formats.every((format) => addressFormats.includes(format)) ? "Write an IPv4 or IPv6 address." : undefined;
    }
    default:
      return undefined;
  }
}

function grouped(value: number | bigint): string {
  return value.toLocaleString("en");
}
