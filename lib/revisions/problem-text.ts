import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import { PublicError } from "#lib/errors.ts";

const problemsShownMax = 20;

/** A policy that no worker could enforce: `words` say what was not done, a line each what is wrong. */
export function policyInvalid(words: string, problems: readonly Problem[], document?: PolicyDocument): PublicError {
  return new PublicError("POLICY_INVALID", `${words}\n${problemText(problems, document)}`);
}

/** Problems as lines of text, each with its place: by line and column when it came as text, else by the names on its path. */
export function problemText(problems: readonly Problem[], document?: PolicyDocument): string {
  const lines = problems
    .slice(0, problemsShownMax)
    .map((problem) => `${placeWords(problem, document)}: ${problem.message}`);
  const left = problems.length - problemsShownMax;
  return [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join("\n");
}

function placeWords({ path, line, column }: Problem, document: PolicyDocument | undefined): string {
  if (line !== undefined) return `line ${line}, column ${column ?? 1}`;
  return path.length === 0 ? "the document" : namesOnPath(path, document).join(" › ");
}

/** `proxyActions.0.rulesets.sender.rules.2` in the names of the objects: Mail in › sender › no spoofing. */
function namesOnPath(path: readonly (string | number)[], document: unknown): string[] {
  const words: string[] = [];
  let node: unknown = document;
  for (const part of path) {
    node = typeof node === "object" && node !== null ? new Map(Object.entries(node)).get(String(part)) : undefined;
    const name = typeof node === "object" && node !== null && "name" in node ? node.name : undefined;
    if (typeof name === "string") words.push(name);
    else if (part !== "rulesets" && part !== "rules" && part !== "proxyActions")
      words.push(typeof part === "number" ? `#${part + 1}` : part);
  }
  return words.length > 0 ? words : path.map(String);
}
