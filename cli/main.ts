import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { version } from "#core/contract/version.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import type { Finding } from "#core/policy/lint/finding.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { ConsoleError, changesText, consoleCommand } from "./policy-console.ts";
import { spoolCommand } from "./spool.ts";

const usage = `postern ${version}

  postern policy check FILE        says everything that is wrong with a policy document, with line and column
  postern policy diff OLD NEW      says in words what NEW changes
  postern policy lint FILE         says what in a valid policy hurts or does nothing; --json: as data
  postern spool verify STATE       reads a worker's whole queue; STATE is its stateDir, and the worker may run
  postern spool ls STATE           what is in it, oldest first; --json: a JSON object a line
  postern spool cat STATE ID       one message, as it was accepted
  postern spool export STATE TO    every message into the folder TO (ID.eml and ID.json), or into a new file TO.mbox

Of a console, at POSTERN_URL with POSTERN_TOKEN:

  postern policy export            the draft as YAML; --of live or r7: another one; --out FILE: into a file
  postern policy diff FILE         says in words what FILE changes in the draft; --of live or r7: in another one
  postern policy test FILE         runs the policy tests of FILE at a worker
  postern policy apply FILE        makes FILE the draft; --match DIGEST: only if the draft is that one still;
                                   --publish: and publishes it; --comment TEXT; --trial MINUTES: on trial;
                                   --first WORKER, once or more: to these workers first
  --only PART, once or more: only that part: lists, lists:partners, rules:"Mail in", rules:"Mail in/sender"
  --json: as data

Exit status: 0 done, nothing found; 1 problems, differences, harm, or a worker that did not take it;
             2 unusable arguments or files; 3 the console refused or cannot be reached.
`;

class UsageError extends Error {}

const options = {
  help: { type: "boolean" },
  json: { type: "boolean", default: false },
  of: { type: "string", default: "draft" },
  only: { type: "string", multiple: true, default: [] as string[] },
  out: { type: "string" },
  match: { type: "string" },
  publish: { type: "boolean", default: false },
  comment: { type: "string", default: "" },
  trial: { type: "string" },
  first: { type: "string", multiple: true },
} as const;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) return print(usage, 0);
  const [noun, verb, ...files] = positionals;
  if (noun === "policy" && verb === "check" && files.length === 1) return check(files);
  if (noun === "policy" && verb === "diff" && files.length === 2) return diff(files);
  if (noun === "policy" && verb === "lint" && files.length === 1) return lint(files, values.json);
  const status =
    noun === "spool"
      ? await spoolCommand(verb ?? "", files, values)
      : noun === "policy"
        ? await consoleCommand(verb ?? "", files, values)
        : null;
  if (status === null) throw new UsageError(usage);
  return status;
}

function lint([file = ""]: string[], json: boolean): number {
  const document = readDocument(file);
  if (document === null) return 2;
  const findings = lintDocument(document, Date.now());
  const text = json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(findingText).join("");
  return print(text, findings.some(({ severity }) => severity === "harm") ? 1 : 0);
}

function findingText({ code, severity, path, what, why, doThis, source }: Finding): string {
  const reference = source === null ? "" : ` (${source})`;
  return `${severity}: ${what}\n  ${path.join(".")} [${code}]\n  ${why}${reference}\n  ${doThis}\n`;
}

function check([file = ""]: string[]): number {
  const document = readDocument(file);
  return document === null ? 1 : print(`${file}: ${document.policies.length} policies, no problems\n`, 0);
}

function diff(files: string[]): number {
  const [before, after] = files.map(readDocument);
  if (!before || !after) return 2;
  const changes = diffDocuments(before, after);
  return print(changesText(changes), changes.length === 0 ? 0 : 1);
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
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConsoleError ? error.exitStatus : 2;
}
