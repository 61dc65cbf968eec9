import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished } from "vitest";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { Worker } from "#worker/worker.ts";
import { makeControlKey } from "./control-key.ts";
import { freePort } from "./free-port.ts";
import { ReportReceiver } from "./report-receiver.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const token = "the-token-of-this-worker-0123456789";

/** A whole worker with a console that it reports to, which ends with the test. `written`: its reports, its log, and every file of its own. */
export async function startWholeWorker() {
  const key = makeControlKey();
  const stateDir = temporaryFolder();
  const log: string[] = [];
  const receiver = await ReportReceiver.start();
  const port = await freePort();
  const worker = await Worker.start(
    {
      workerId: "local",
      stateDir,
      policyFile: null,
      control: { address: "127.0.0.1", port, token, pinned: pinKey(key.publicKeyPem) },
      console: { url: receiver.url, token },
      certificates: [],
      credentials: [],
      nameServers: [],
      quarantine: { bytesMax: 1024 ** 3 },
      trustedAuthorities: null,
    },
    {
      log: pino({ level: "trace" }, { write: (line: string) => void log.push(line) }),
      hostName: "gate.test",
      now: Date.now,
      random: Math.random,
    },
  );
  onTestFinished(async () => {
    await worker.stop(0);
    await receiver.close();
  });
  const written = (): string[] => [JSON.stringify(receiver.reports), ...log, ...filesUnder(stateDir).flat()];
  return { key, receiver, written, target: { controlUrl: `http://127.0.0.1:${port}`, token } };
}

/** Everything that was written under the folder, by file. */
function filesUnder(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, "latin1")]);
}

/** Fails where a secret is seen as it is, in base64 at any offset, or in hex. */
export function expectNoSecret(seen: readonly string[], secrets: readonly string[]): void {
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) {
      expect(seen.filter((text) => text.includes(spelling))).toEqual([]);
    }
  }
}

function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((pad) => {
    const text = Buffer.from(`${" ".repeat(pad)}${secret}`)
      .toString("base64")
      .replaceAll("=", "");
    return text.slice(pad === 0 ? 0 : pad + 1, -2);
  });
  return [secret, ...base64, Buffer.from(secret).toString("hex")];
}
