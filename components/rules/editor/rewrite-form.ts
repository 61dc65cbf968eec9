import type { Action } from "#core/contract/action.ts";

/** A rewrite as its fields hold it: the two maps are lines, `old = new`. */
export type RewriteForm = {
  by: "pattern" | "domains" | "aliases";
  pattern: string;
  to: string;
  domains: string;
  aliases: string;
};

export const rewriteWays: readonly { value: RewriteForm["by"]; words: string }[] = [
  { value: "pattern", words: "By pattern: RE2 over the whole address" },
  { value: "domains", words: "By domain: one domain becomes another" },
  { value: "aliases", words: "By alias: one address becomes others" },
];

export function rewriteFormOf(action: Action): RewriteForm {
  const rewrite = action.kind === "rewrite" ? action : undefined;
  return {
    by: rewrite?.domains !== undefined ? "domains" : rewrite?.aliases !== undefined ? "aliases" : "pattern",
    pattern: rewrite?.pattern ?? "",
    to: rewrite?.to ?? "",
    domains: lines(rewrite?.domains ?? {}, (to) => to),
    aliases: lines(rewrite?.aliases ?? {}, (to) => to.join(", ")),
  };
}

/** The rewrite of the fields without its kind, not yet parsed. */
export function rewriteInput({ by, pattern, to, domains, aliases }: RewriteForm): object {
  switch (by) {
    case "pattern":
      return { pattern, to: to.trim() };
    case "domains":
      return { domains: Object.fromEntries(pairs(domains)) };
    case "aliases":
      return { aliases: Object.fromEntries(pairs(aliases).map(([from, many]) => [from, addresses(many)])) };
    default:
      return by satisfies never;
  }
}

/** What the schema cannot see, because the fields are text: a line that is no pair, a name that stands twice. */
export function rewriteProblem({ by, pattern, to, domains, aliases }: RewriteForm): string | null {
  if (by === "pattern")
    return pattern === "" || to.trim() === "" ? "Write the pattern and what the address becomes." : null;
  const text = by === "domains" ? domains : aliases;
  const given = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (given.length === 0) return "Write at least one line.";
  const seen = new Set<string>();
  for (const [n, line] of given.entries()) {
    const [from = "", to = "", more] = line.split("=").map((part) => part.trim());
    if (from === "" || to === "" || more !== undefined) return `Line ${n + 1}: write it as old = new.`;
    if (seen.has(from.toLowerCase())) return `Line ${n + 1}: ${from} stands twice.`;
    seen.add(from.toLowerCase());
  }
  return null;
}

function pairs(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [from = "", to = ""] = line.split("=").map((part) => part.trim());
    return from === "" && to === "" ? [] : [[from, to] as [string, string]];
  });
}

function addresses(text: string): string[] {
  return text
    .split(/[,\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function lines<T>(map: Record<string, T>, words: (value: T) => string): string {
  return Object.entries(map)
    .map(([from, to]) => `${from} = ${words(to)}`)
    .join("\n");
}
