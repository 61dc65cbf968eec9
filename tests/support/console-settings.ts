import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Gives this test file the console's settings and a master key of its own: call it at the top of the file. */
export function useConsoleSettings(url = "http://127.0.0.1:3000"): void {
  const before = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), "postern-settings-"));
  beforeAll(() => {
    const masterKey = join(folder, "master.key");
    writeFileSync(masterKey, randomBytes(32).toString("base64"), { mode: 0o600 });
    process.env["NEXTAUTH_SECRET"] = randomBytes(32).toString("hex");
    process.env["NEXTAUTH_URL"] = url;
    process.env["POSTERN_MASTER_KEY_FILE"] = masterKey;
  });
  afterAll(() => {
    for (const name of ["NEXTAUTH_SECRET", "NEXTAUTH_URL", "POSTERN_MASTER_KEY_FILE"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true });
  });
}
