import { Document, isAlias, isNode, isScalar, type Node, type Pair, parseDocument, stringify, visit } from "yaml";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";
import { conditionTextMax, type Rule } from "#core/contract/rule.ts";
import { sameValue } from "./same-value.ts";

/** A condition, undefined where it matches everything, and its text where that holds comments: both as a rule keeps them. */
export type WrittenCondition = Pick<Rule, "when" | "whenText">;

type Place = (string | number)[];
export type ConditionProblem = { path: Place; message: string };
export type ReadCondition = { ok: true; condition: WrittenCondition } | { ok: false; problems: ConditionProblem[] };

/** Long lines stay whole: a text that is written again is the same. */
const writing = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** The YAML of a condition: with its comments while they belong to what it says, else as the condition alone gives it. */
export function conditionText({ when, whenText }: WrittenCondition): string {
  if (whenText !== undefined && textSays(whenText, when)) return whenText;
  return when === undefined ? "" : stringify(when, writing);
}

/** Reads the YAML of a condition; nothing and comments alone are none. */
export function readConditionText(text: string): ReadCondition {
  const yaml = parseConditionText(text);
  if (typeof yaml === "string") return { ok: false, problems: [{ path: [], message: yaml }] };
  const value = valueOf(yaml);
  const parsed = conditionSchema.optional().safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.map(placePart), message }));
    return { ok: false, problems };
  }
  const when = parsed.data;
  const whenText = hasComments(yaml) ? textOf(yaml) : "";
  if (whenText.length > conditionTextMax) {
    const message = `a condition with comments has ${conditionTextMax} characters at most: put its entries in a list`;
    return { ok: false, problems: [{ path: [], message }] };
  }
  return { ok: true, condition: { ...(when && { when }), ...(whenText !== "" && { whenText }) } };
}

/** The text as a document of nodes, or in words why it is none that a rule can keep. */
export function parseConditionText(text: string): Document | string {
  try {
    const yaml = parseDocument(text, { prettyErrors: false, stringKeys: true });
    const [error] = yaml.errors;
    if (error !== undefined) return error.message;
    return standsAlone(yaml) ? yaml : "Anchors, aliases and tags cannot be kept: write out what they stand for.";
  } catch (error) {
    // The library throws where the nesting exhausts its stack.
    return error instanceof Error ? error.message : "This is not YAML.";
  }
}

/** The text of the nodes in its one form: comments kept, indentation put right. */
export function textOf(yaml: Document): string {
  const { contents } = yaml;
  if (contents !== null && !(isScalar(contents) && contents.value === null)) return yaml.toString(writing);
  const comments = [yaml.commentBefore, contents?.commentBefore, contents?.comment, yaml.comment];
  return comments.flatMap((comment) => commentLines(comment)).join("");
}

/** What stands under `when` in a policy's YAML: nodes with their comments, or the condition itself. */
export function conditionForm({ when, whenText }: WrittenCondition): unknown {
  if (whenText === undefined || !textSays(whenText, when)) return when;
  const yaml = parseConditionText(whenText);
  if (typeof yaml === "string" || yaml.contents === null) return when;
  // Inside a larger document only nodes have comments.
  const { contents } = yaml;
  contents.commentBefore = joined(yaml.commentBefore, contents.commentBefore);
  contents.comment = joined(contents.comment, yaml.comment);
  return contents;
}

/** What stands above the action of a rule without a condition: what comments its text has; undefined: none. */
export function loneComment({ when, whenText }: WrittenCondition): string | undefined {
  if (when !== undefined || whenText === undefined || !textSays(whenText, undefined)) return undefined;
  return whenText.replace(/\n+$/, "").replaceAll(/^#/gm, "");
}

/** The text of a condition that there is none of, from what stands above the action in a policy's YAML. */
export function loneCommentText({ key }: Pair): string | undefined {
  return isNode(key) && key.commentBefore ? commentLines(key.commentBefore).join("") : undefined;
}

/** The text of a condition within a policy's YAML, where it has comments that can be kept: in it, or above the key that it stands under. */
export function commentedText({ key, value: node }: Pair): string | undefined {
  const above = isNode(key) ? key.commentBefore : null;
  if (!isNode(node) || !(above || hasComments(node)) || !standsAlone(node)) return undefined;
  const yaml = new Document();
  yaml.contents = node as typeof yaml.contents;
  node.commentBefore = joined(above, node.commentBefore);
  // Written as a text of its own, so that its form is the same wherever it stood.
  const own = parseConditionText(textOf(yaml));
  return typeof own === "string" ? undefined : textOf(own);
}

function textSays(text: string, when: Condition | undefined): boolean {
  const read = readConditionText(text);
  return read.ok && sameValue(read.condition.when, when);
}

function valueOf(yaml: Document): unknown {
  return yaml.toJS() ?? undefined;
}

function standsAlone(within: Document | Node): boolean {
  let alone = true;
  visit(within, (_, node) => {
    if (!isNode(node)) return undefined;
    if (!isAlias(node) && node.tag === undefined && !("anchor" in node && node.anchor !== undefined)) return undefined;
    alone = false;
    return visit.BREAK;
  });
  return alone;
}

function hasComments(within: Document | Node): boolean {
  let found = within instanceof Document && Boolean(within.commentBefore ?? within.comment);
  visit(within, (_, node) => {
    if (!isNode(node) || !(node.commentBefore || node.comment)) return undefined;
    found = true;
    return visit.BREAK;
  });
  return found;
}

function joined(one: string | null | undefined, other: string | null | undefined): string | null {
  const parts = [one, other].filter((part) => part !== null && part !== undefined);
  return parts.length === 0 ? null : parts.join("\n\n");
}

function commentLines(comment: string | null | undefined): string[] {
  return (comment ?? undefined)?.split("\n").map((line) => (line === "" ? "\n" : `#${line}\n`)) ?? [];
}

function placePart(part: PropertyKey): string | number {
  return typeof part === "number" ? part : String(part);
}
