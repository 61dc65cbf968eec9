import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { version } from "#core/contract/version.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";

const usage = `postern ${version}

  postern policy check FILE        says everything that is wrong with a policy document, with line and column
  postern policy diff OLD NEW      says in words what NEW changes

Exit status: 0 nothing found, 1 problems or differences, 2 unusable arguments or files.
`;

class UsageError extends Error {}

function main(args: string[]): number {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { help: { type: "boolean" } } });
  if (values.help) return print(usage, 0);
  const [noun, verb, ...files] = positionals;
  if (noun === "policy" && verb === "check" && files.length === 1) return check(files);
  if (noun === "policy" && verb === "diff" && files.length === 2) return diff(files);
  throw new UsageError(usage);
}

function check([file = ""]: string[]): number {
  const document = readDocument(file);
  return document === null ? 1 : print(`${file}: ${document.policies.length} policies, no problems\n`, 0);
}

function diff(files: string[]): number {
  const [before, after] = files.map(readDocument);
  if (!before || !after) return 2;
  const changes = diffDocuments(before, after);
  const lines = changes.flatMap(({ words, details }) => [words, ...details.map((detail) => `  ${detail}`)]);
  return print(lines.map((line) => `${line}\n`).join(""), changes.length === 0 ? 0 : 1);
}

function readDocument(file: string): PolicyDocument | null {
  const result = readPolicyDocument(readFileSync(file, "utf8"));
  if (result.ok) return result.document;
  for (const { line, column, code, message } of result.problems) {
    process.stderr.write(`${file}:${line}:${column}: ${message} (${code})\n`);
  }
  return null;
}

function print(text: string, status: number): number {
  process.stdout.write(text);
  return status;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
