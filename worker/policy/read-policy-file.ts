import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { withRuleIds } from "#core/policy/rule-ids.ts";

/** Reads a policy document from a YAML file. Throws with every problem, its line and column. */
export function readPolicyFile(path: string): PolicyDocument {
  const result = readPolicyDocument(readText(path));
  if (!result.ok) throw new PolicyFileError(path, result.problems);
  return withRuleIds(result.document, ruleId);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    const message = `it cannot be read (${code}): correct policyFile in the worker's configuration`;
    throw new PolicyFileError(path, [{ path: [], code: "syntax", message }]);
  }
}

export class PolicyFileError extends Error {
  constructor(path: string, problems: readonly Problem[]) {
    super(`${path} cannot be used:\n${problems.map((problem) => `  - ${problemWords(problem)}`).join("\n")}`);
  }
}

function problemWords({ line, column, path, message }: Problem): string {
  const at = line === undefined ? "" : `line ${line}, column ${column ?? 1}: `;
  return `${at}${path.length === 0 ? "" : `${path.join(".")}: `}${message}`;
}

/** A rule without an id of its own gets one from its place (RFC 9562 §5.8), so that counters mean the same after a restart. */
function ruleId(place: string): string {
  const hex = createHash("sha256").update(place).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
