import { fileURLToPath } from "node:url";
import { runProgram } from "./run-program.ts";

const pythonScript = fileURLToPath(new URL("./pop3_session.py", import.meta.url));

export type Account = { port: number; user: string; password: string; login?: "user" | "apop" };

/** Runs the steps in one poplib session; the first answer is the sorted names of CAPA. Steps: see the script. */
export async function poplibSession(
  account: Account,
  steps: readonly (readonly (string | number)[])[],
): Promise<unknown[]> {
  const args = [
    pythonScript,
    "127.0.0.1",
    String(account.port),
    account.user,
    account.password,
    account.login ?? "user",
  ];
  const result = await runProgram("python3", args, JSON.stringify(steps));
  if (result.code !== 0) throw new Error(`poplib: ${result.output}`);
  return JSON.parse(result.stdout.toString("utf8")) as unknown[];
}

/** One curl run: the URL's path is a message number or empty for LIST; `request` replaces the command. */
export async function curlPop3(account: Account, path: string, request?: string): Promise<Buffer> {
  const command = request === undefined ? [] : ["--request", request];
  const url = `pop3://127.0.0.1:${account.port}/${path}`;
  const args = ["-sS", "--max-time", "20", "--user", `${account.user}:${account.password}`, ...command, url];
  const result = await runProgram("curl", args);
  if (result.code !== 0) throw new Error(`curl: ${result.output}`);
  return result.stdout;
}
