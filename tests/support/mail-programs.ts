import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { demoPassword } from "#demo/mail-server.ts";
import type { ProductPorts } from "./running-product.ts";

const run = promisify(execFile);

/** The dialogue of swaks; its exit status is left aside. */
export async function swaks(args: readonly string[]): Promise<string> {
  return run("swaks", args).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

/** Sends the message to bob through External and gives the dialogue. `folder`: where the message is put for swaks. */
export function sendToBob(ports: ProductPorts, folder: string, message: Buffer, from: string): Promise<string> {
  const path = join(folder, "message.eml");
  // swaks ends the last line itself.
  writeFileSync(path, message.subarray(0, -2));
  const server = `127.0.0.1:${ports.externalSmtp}`;
  return swaks(["--server", server, "--from", from, "--to", "bob@example.test", "--data", `@${path}`]);
}

/** What curl gets of bob's mailbox through Trusted: a message by its number, or the listing for "". Latin-1. */
export async function fetchByPop3(ports: ProductPorts, number: string): Promise<string> {
  return curlMailbox([`pop3://127.0.0.1:${ports.trustedPop3}/${number}`, "-u", `bob:${demoPassword}`]);
}

/** What curl gets of a mailbox, Latin-1. */
export async function curlMailbox(args: readonly string[]): Promise<string> {
  const given = ["--silent", "--show-error", "--max-time", "30", ...args];
  const { stdout } = await run("curl", given, { encoding: "latin1" });
  return stdout;
}
