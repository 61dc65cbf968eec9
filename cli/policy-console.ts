import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import {
  type ApiChange,
  type ApplyAnswer,
  type ApplyRequest,
  apiErrorSchema,
  applyAnswerSchema,
  diffAnswerSchema,
  policyApiPaths,
  publishOrderSchema,
  testAnswerSchema,
} from "#core/contract/policy-api.ts";

/** The console that a command talks to. */
type Console = { url: string; token: string };

/** The console said no, or did not answer. `exitStatus`: 1 for what is wrong with the document, else 3. */
export class ConsoleError extends Error {
  readonly exitStatus: 1 | 3;

  constructor(message: string, exitStatus: 1 | 3) {
    super(message);
    this.exitStatus = exitStatus;
  }
}

/** Refusals that tell of problems of the document itself. */
const problemCodes = ["INPUT_INVALID", "POLICY_INVALID", "REF_MISSING", "TESTS_FAILED"];

const noToken = "POSTERN_TOKEN: set it to a token of the console's page “API tokens”";
const environmentSchema = z.object({
  POSTERN_URL: z.url({ protocol: /^https?$/, error: "POSTERN_URL: set it to the address of the console" }),
  POSTERN_TOKEN: z.string({ error: noToken }).min(1, noToken),
});

/** From POSTERN_URL and POSTERN_TOKEN. Throws an error that says which is missing. */
function consoleOf(environment: NodeJS.ProcessEnv): Console {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join("\n"));
  return { url: parsed.data.POSTERN_URL, token: parsed.data.POSTERN_TOKEN };
}

type ConsoleOptions = {
  json: boolean;
  of: string;
  only: string[];
  out?: string | undefined;
  match?: string | undefined;
  publish: boolean;
  comment: string;
  trial?: string | undefined;
  first?: string[] | undefined;
};

/** `postern policy …` where it takes a console. null: no such command. */
export async function consoleCommand(
  verb: string,
  files: readonly string[],
  options: ConsoleOptions,
): Promise<number | null> {
  const [file = "", ...more] = files;
  if (verb === "export" && files.length === 0) return exportPolicy(consoleOf(process.env), options);
  if (file === "" || more.length > 0) return null;
  if (verb === "diff") return diffWithConsole(consoleOf(process.env), file, options);
  if (verb === "test") return testWithConsole(consoleOf(process.env), file, options);
  if (verb === "apply") return applyToConsole(consoleOf(process.env), file, options);
  return null;
}

type Exported = { yaml: string; tag: string };

/** The draft, what is live or a revision as YAML, with its entity tag. */
async function read(console: Console, of: string, only: string[] = []): Promise<Exported> {
  const response = await ask(console, "GET", policyApiPaths.policy, { of, only });
  return { yaml: await response.text(), tag: response.headers.get("etag") ?? "" };
}

async function exportPolicy(console: Console, { of, only, out }: ConsoleOptions): Promise<number> {
  const { yaml } = await read(console, of, only);
  if (out === undefined) process.stdout.write(yaml);
  else writeFileSync(out, yaml);
  return 0;
}

async function diffWithConsole(console: Console, file: string, { of, only, json }: ConsoleOptions): Promise<number> {
  const yaml = readFileSync(file, "utf8");
  const response = await ask(console, "POST", policyApiPaths.diff, { of }, { body: { yaml, only } });
  const { changes } = diffAnswerSchema.parse(await response.json());
  process.stdout.write(json ? `${JSON.stringify(changes, null, 2)}\n` : changesText(changes));
  return changes.length === 0 ? 0 : 1;
}

async function testWithConsole(console: Console, file: string, { only, json }: ConsoleOptions): Promise<number> {
  const yaml = readFileSync(file, "utf8");
  const response = await ask(console, "POST", policyApiPaths.test, {}, { body: { yaml, only } });
  const { tests } = testAnswerSchema.parse(await response.json());
  const lines = tests.map(
    ({ name, failure }) =>
      `${failure === null ? "passed" : "FAILED"} ${name}${failure === null ? "" : `: ${failure}`}\n`,
  );
  process.stdout.write(json ? `${JSON.stringify(tests, null, 2)}\n` : lines.join(""));
  return tests.some(({ failure }) => failure !== null) ? 1 : 0;
}

/** Without `match`, whatever the draft is now is replaced. */
async function applyToConsole(console: Console, file: string, options: ConsoleOptions): Promise<number> {
  const { match, only, json } = options;
  const body: ApplyRequest = { yaml: readFileSync(file, "utf8"), only, publish: orderOf(options) };
  const tag = match === undefined ? (await read(console, "draft")).tag : `"${match}"`;
  const response = await ask(console, "POST", policyApiPaths.apply, {}, { body, headers: { "if-match": tag } });
  const answer = applyAnswerSchema.parse(await response.json());
  process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : answerText(answer));
  return answer.published?.workers.every(({ applied }) => applied) === false ? 1 : 0;
}

function orderOf({ publish, comment, trial, first }: ConsoleOptions): ApplyRequest["publish"] {
  if (!publish) return null;
  const trialMinutes = trial === undefined ? null : Number(trial);
  const order = publishOrderSchema.safeParse({ comment, trialMinutes, firstWorkers: first ?? null });
  if (!order.success) throw new Error("--comment is at most 500 characters, --trial 1 to 120 minutes.");
  return order.data;
}

function answerText({ changes, published }: ApplyAnswer): string {
  const draft =
    changes.length === 0 ? "The draft was equal to it.\n" : `${changesText(changes)}The draft took it over.\n`;
  if (published === null) return draft;
  const workers = published.workers.map(({ workerId, error }) => `  ${workerId}: ${error ?? "in force"}\n`);
  return `${draft}r${published.number} is published.\n${workers.join("")}`;
}

/** Changes in words, each with the properties behind it. */
export function changesText(changes: readonly ApiChange[]): string {
  const lines = changes.flatMap(({ words, details }) => [words, ...details.map((detail) => `  ${detail}`)]);
  return lines.map((line) => `${line}\n`).join("");
}

type Sent = { body?: unknown; headers?: Record<string, string> };

async function ask(
  { url, token }: Console,
  method: string,
  path: string,
  search: Record<string, string | string[]>,
  { body, headers = {} }: Sent = {},
): Promise<Response> {
  const address = new URL(path, url);
  for (const [name, values] of Object.entries(search))
    for (const value of [values].flat()) address.searchParams.append(name, value);
  const init = { method, headers: { authorization: `Bearer ${token}`, ...headers }, redirect: "error" } as const;
  const response = await fetch(address, body === undefined ? init : { ...init, body: JSON.stringify(body) }).catch(
    (error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new ConsoleError(`The console cannot be reached at ${address.origin}: ${cause}`, 3);
    },
  );
  if (response.ok) return response;
  const refusal = apiErrorSchema.safeParse(await response.json().catch(() => null));
  if (!refusal.success) throw new ConsoleError(`${address.href} answered HTTP ${response.status}: not this API.`, 3);
  const { code, message } = refusal.data.error;
  throw new ConsoleError(`${code}: ${message}`, problemCodes.includes(code) ? 1 : 3);
}
