import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings, type Settings } from "#scripts/start/settings.ts";
import { prepareStateFolder } from "#scripts/start/state-folder.ts";
import { readConfig } from "#worker/config.ts";

let folder: string;
let settings: Settings;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-state-"));
  settings = readSettings(folder, { NODE_ENV: "test", POSTERN_CONTROL_PORT: "4100" }, []);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the state folder", () => {
  test("holds its secrets in files that only their owner reads", () => {
    prepareStateFolder(settings);
    const keys = join(settings.stateFolder, "keys");
    expect(statSync(keys).mode & 0o777).toBe(0o700);
    const modes = readdirSync(keys).map((name) => [name, statSync(join(keys, name)).mode & 0o777]);
    expect(modes).toHaveLength(6);
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
  });

  test("keeps every secret over a second start", () => {
    const read = (): string[] =>
      readdirSync(join(settings.stateFolder, "keys")).map((name) =>
        readFileSync(join(settings.stateFolder, "keys", name), "utf8"),
      );
    prepareStateFolder(settings);
    const before = read();
    prepareStateFolder(settings);
    expect(read()).toEqual(before);
    expect(new Set(before).size).toBe(6);
  });

  test("has a signing key and its public half", () => {
    const { signingKeyFile, signingPublicKeyFile } = prepareStateFolder(settings);
    const signature = sign(null, Buffer.from("x"), createPrivateKey(readFileSync(signingKeyFile)));
    const publicKey = createPublicKey(readFileSync(signingPublicKeyFile));
    expect(verify(null, Buffer.from("x"), publicKey, signature)).toBe(true);
  });

  test("has a configuration that the worker takes", () => {
    const state = prepareStateFolder(settings);
    const config = readConfig(state.workerConfigFile);
    expect(config).toMatchObject({ workerId: "local", control: { address: "127.0.0.1", port: 4100 } });
    expect(config.console?.url).toBe("http://127.0.0.1:3000");
  });

  test("keeps what people add to the worker's configuration, and says where one is broken", () => {
    const { workerConfigFile } = prepareStateFolder(settings);
    const added = "# Resolvers of ours\nnameServers: [127.0.0.1]\n";
    writeFileSync(workerConfigFile, readFileSync(workerConfigFile, "utf8").replace("port: 4100", "port: 1") + added);
    prepareStateFolder(settings);
    expect(readFileSync(workerConfigFile, "utf8")).toContain(added.trimEnd().replace("[127.0.0.1]", "[ 127.0.0.1 ]"));
    expect(readConfig(workerConfigFile)).toMatchObject({ control: { port: 4100 } });
    writeFileSync(workerConfigFile, "control: [");
    expect(() => prepareStateFolder(settings)).toThrow("worker.yaml cannot be read");
  });
});
