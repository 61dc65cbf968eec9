import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { CredentialStore } from "#worker/credentials/credential-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { oauthCredential } from "../../support/token-server.ts";

function password(name: string, secret = "password-canary"): Credential {
  return { kind: "password", name, user: "gate", password: secret };
}

function makeStore(configured: Credential[] = [], folder = join(temporaryFolder(), "credentials")) {
  const told: string[] = [];
  const store = new CredentialStore(configured, folder, {
    damaged: (reason) => told.push(`damaged: ${reason}`),
    kept: () => told.push("kept"),
  });
  store.onChange = (name) => told.push(`changed ${name}`);
  const again = () => makeStore(configured, folder);
  return { store, folder, told, again };
}

test("what is pushed replaces what was pushed before, and is there after a restart", async () => {
  const { store, told, again } = makeStore();
  await store.replace([password("a"), password("b")]);
  await store.replace([password("b", "other"), password("c")]);
  expect(store.names()).toEqual(["b", "c"]);
  expect(store.get("a")).toBeNull();
  expect(told).toEqual(["kept", "changed a", "changed b", "kept", "changed a", "changed b", "changed c"]);
  expect(again().store.get("b")).toEqual(password("b", "other"));
});

test("the same again changes nothing and writes nothing", async () => {
  const { store, folder, told } = makeStore();
  await store.replace([password("a")]);
  const before = readFileSync(join(folder, "credentials.sealed"), "utf8");
  await store.replace([password("a")]);
  expect(readFileSync(join(folder, "credentials.sealed"), "utf8")).toBe(before);
  expect(told).toEqual(["kept", "changed a"]);
});

test("on disk no secret and no name is readable, and nobody else may read the files", async () => {
  const { store, folder } = makeStore();
  await store.replace([password("a name"), oauthCredential("https://login.example.test/token")]);
  expect(readdirSync(folder).toSorted()).toEqual(["credentials.sealed", "key"]);
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(folder, file), "latin1")).not.toMatch(/canary|name|gate|example/);
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  }
});

test("those of worker.yaml come before pushed ones of the same name, and are not written down", async () => {
  const { store, again } = makeStore([password("a", "of the file")]);
  await store.replace([password("a", "pushed"), password("b")]);
  expect(store.get("a")).toEqual(password("a", "of the file"));
  expect(again().store.names()).toEqual(["a", "b"]);
});

test.each<[string, (folder: string) => void]>([
  [
    "a sealed file that was altered",
    (folder) => writeFileSync(join(folder, "credentials.sealed"), `v1.${"A".repeat(80)}`),
  ],
  ["a sealed file that is empty", (folder) => writeFileSync(join(folder, "credentials.sealed"), "")],
  ["a key that is gone", (folder) => rmSync(join(folder, "key"))],
  ["another key", (folder) => writeFileSync(join(folder, "key"), Buffer.alloc(32).toString("base64"))],
  ["a key that is damaged", (folder) => writeFileSync(join(folder, "key"), "x")],
])("%s is told, holds no credential, and the next push puts it right", async (_what, damage) => {
  const { store, folder, again } = makeStore();
  await store.replace([password("a")]);
  damage(folder);
  const damaged = again();
  expect(damaged.told).toEqual([expect.stringMatching(/^damaged: /)]);
  expect(damaged.told.join()).not.toMatch(/canary/);
  expect(damaged.store.get("a")).toBeNull();
  await damaged.store.replace([]);
  expect(damaged.told.at(-1)).toBe("kept");
  await damaged.store.replace([password("a")]);
  expect(again().store.get("a")).toEqual(password("a"));
});

test("a refresh token that its server replaced is used and kept, until a person gives another", async () => {
  const given = oauthCredential("https://login.example.test/token");
  const { store, told, again } = makeStore();
  await store.replace([given]);
  await store.renewRefreshToken("cloud", "second");
  await store.renewRefreshToken("cloud", "third");
  expect(told).toEqual(["kept", "changed cloud", "kept", "kept"]);
  await store.replace([given, password("b")]);
  expect(again().store.get("cloud")).toEqual({ ...given, refreshToken: "third" });
  await store.replace([{ ...given, refreshToken: "of a person" }]);
  expect(again().store.get("cloud")).toMatchObject({ refreshToken: "of a person" });
});

test("changes that come at once are kept one after the other", async () => {
  const { store, again } = makeStore();
  await Promise.all(Array.from({ length: 20 }, (_, n) => store.replace([password(`n${n}`)])));
  expect(again().store.names()).toEqual(["n19"]);
});
