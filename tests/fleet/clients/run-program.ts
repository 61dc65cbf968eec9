import { spawn } from "node:child_process";

export type ProgramResult = { code: number | null; stdout: Buffer; output: string };

const usualTimeoutMs = 30_000;

/** Runs a program with the input on its standard input. Never rejects for its exit code; `output` is stdout and stderr. */
export function runProgram(
  name: string,
  args: readonly string[],
  input: string | Buffer = "",
  timeoutMs = usualTimeoutMs,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { stdio: "pipe", timeout: timeoutMs });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), output: Buffer.concat([...stdout, ...stderr]).toString("utf8") });
    });
    // A client that was refused may leave before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
