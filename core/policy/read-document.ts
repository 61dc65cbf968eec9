import { type Document, isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { z } from "zod";
import { type PolicyDocument, type Problem, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { conditionTextMax, type Ruleset } from "#core/contract/rule.ts";
import { checkDocument } from "./check-document.ts";
import { commentedText, loneCommentText } from "./condition-yaml.ts";
import type { Path } from "./problem-report.ts";

export const documentTextMax = 8 * 1024 * 1024;

export type ReadResult = { ok: true; document: PolicyDocument } | { ok: false; problems: Problem[] };

/** Reads the YAML form of a policy. Every problem has its line and column, counted from 1. */
export function readPolicyDocument(text: string): ReadResult {
  return read(text, checkDocument);
}

/** The same for a part of a document, whose names need not refer to anything in it. */
export function readPolicyPart(text: string): ReadResult {
  return read(text, () => []);
}

function read(text: string, check: (document: PolicyDocument) => Problem[]): ReadResult {
  if (text.length > documentTextMax) {
    const message = `the document is longer than ${documentTextMax} characters: split long lists or shorten it`;
    return { ok: false, problems: [{ path: [], code: "syntax", message, line: 1, column: 1 }] };
  }
  const lines = new LineCounter();
  const parsedText = parseYaml(text, lines);
  if (!parsedText.ok) return parsedText;
  const { yaml, value } = parsedText;
  const locate = (problem: Problem): Problem => ({ ...problem, ...position(lines, offsetOf(yaml, problem.path)) });
  const parsed = policyDocumentSchema.safeParse(value ?? {});
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(shapeProblems).map(locate) };
  const problems = check(parsed.data).map(locate);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, document: withComments(parsed.data, yaml) };
}

/** Keeps the comments of the conditions of rules, within and right above, or where one has none, above its action: those elsewhere belong to the file. */
function withComments(document: PolicyDocument, yaml: Document): PolicyDocument {
  document.proxyActions.forEach(({ rulesets }, i) => {
    for (const [stage, ruleset] of Object.entries<Ruleset | undefined>(rulesets)) {
      ruleset?.rules.forEach((rule, n) => {
        const written = yaml.getIn(["proxyActions", i, "rulesets", stage, "rules", n], true);
        const text = isMap(written) ? commentsOf(written) : undefined;
        if (text !== undefined && text.length <= conditionTextMax) rule.whenText = text;
      });
    }
  });
  return document;
}

function commentsOf(rule: YAMLMap): string | undefined {
  const at = (name: string) => rule.items.find(({ key }) => isScalar(key) && key.value === name);
  const when = at("when");
  if (when !== undefined) return commentedText(when);
  const action = at("action");
  return action === undefined ? undefined : loneCommentText(action);
}

type Yaml = { ok: true; yaml: Document; value: unknown } | { ok: false; problems: Problem[] };

function parseYaml(text: string, lineCounter: LineCounter): Yaml {
  const problem = (message: string, offset: number): Problem => {
    return { path: [], code: "syntax", message, ...position(lineCounter, offset) };
  };
  try {
    const yaml = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
    if (yaml.errors.length > 0)
      return { ok: false, problems: yaml.errors.map(({ message, pos }) => problem(message, pos[0])) };
    return { ok: true, yaml, value: yaml.toJS() };
  } catch (error) {
    // The library throws where aliases multiply or the nesting exhausts its stack.
    return { ok: false, problems: [problem(error instanceof Error ? error.message : String(error), 0)] };
  }
}

/** What the schema found, as problems: an unknown key is reported at the key itself. */
export function shapeProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code !== "unrecognized_keys") return [{ path, code: "shape", message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], code: "shape", message: `unknown key "${key}"` }));
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where the node of a path begins: a key's own place for its last part, the nearest ancestor when the text has no such node. */
function offsetOf(yaml: Document, path: Path): number {
  let node: unknown = yaml.contents;
  let offset = rangeStart(node) ?? 0;
  path.forEach((part, depth) => {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part) ?? shorthandPair(node.items, part);
      offset = rangeStart(last && pair?.value === null ? pair.key : last ? pair?.key : pair?.value) ?? offset;
      node = pair?.value;
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(part)];
      offset = rangeStart(node) ?? offset;
    }
  });
  return offset;
}

/** `{ deny: { code } }` is parsed as `{ kind, reply }`: a path through `reply` goes through the only key. */
function shorthandPair<P>(items: readonly P[], part: string | number): P | undefined {
  return items.length === 1 && (part === "reply" || part === "kind" || part === "minutes") ? items[0] : undefined;
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] | null } | null | undefined)?.range?.[0];
}
