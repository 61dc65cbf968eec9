import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SigningKey } from "#core/contract/signing-key.ts";
import { SigningKeyStore } from "#worker/sender-auth/signing-key-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function key(name: string, more: Partial<SigningKey> = {}): SigningKey {
  const plain = { name, domain: "a.test", selector: "s1", algorithm: "ed25519", state: "active" } as const;
  return { ...plain, privateKey: "private-canary", ...more };
}

function makeStore(folder = join(temporaryFolder(), "signing-keys")) {
  const told: string[] = [];
  const store = new SigningKeyStore(folder, {
    damaged: (reason) => told.push(`damaged: ${reason}`),
    kept: () => told.push("kept"),
  });
  return { store, folder, told, again: () => makeStore(folder) };
}

test("what is pushed replaces what was pushed before, and is there after a restart; the same again writes nothing", async () => {
  const { store, told, again } = makeStore();
  await store.replace([key("a"), key("b")]);
  await store.replace([key("c")]);
  await store.replace([key("c")]);
  expect(told).toEqual(["kept", "kept"]);
  expect(store.names()).toEqual(["c"]);
  expect(again().store.active("c")).toEqual(key("c"));
});

test("a key that is only published (rotation) is known by name and signs nothing", async () => {
  const { store } = makeStore();
  await store.replace([key("old", { state: "published" }), key("new", { selector: "s2" })]);
  expect([store.has("old"), store.active("old")]).toEqual([true, null]);
  expect(store.signersOf("a.test").map(({ name }) => name)).toEqual(["new"]);
});

test("a domain is signed for by its own keys, of either kind, else by those of the nearest domain above it", async () => {
  const { store } = makeStore();
  await store.replace([
    key("rsa", { algorithm: "rsa-2048" }),
    key("ed"),
    key("sub", { domain: "Sub.A.test" }),
    key("other", { domain: "b.test" }),
  ]);
  const names = (domain: string) => store.signersOf(domain).map(({ name }) => name);
  expect(names("A.test")).toEqual(["rsa", "ed"]);
  expect(names("sub.a.test")).toEqual(["sub"]);
  expect(names("x.sub.a.test")).toEqual(["sub"]);
  expect(names("x.a.test")).toEqual(["rsa", "ed"]);
  expect(names("nota.test")).toEqual([]);
  expect(names("")).toEqual([]);
});

test("on disk no key and no name is readable, and nobody else may read the files", async () => {
  const { store, folder } = makeStore();
  await store.replace([key("a name")]);
  expect(readdirSync(folder).toSorted()).toEqual(["key", "signing-keys.sealed"]);
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(folder, file), "latin1")).not.toMatch(/canary|name|a\.test/);
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  }
});

test.each<[string, (folder: string) => void]>([
  [
    "a sealed file that was altered",
    (folder) => writeFileSync(join(folder, "signing-keys.sealed"), `v1.${"A".repeat(80)}`),
  ],
  ["a key file that is gone", (folder) => rmSync(join(folder, "key"))],
])("%s is told, nothing is signed, and the next push puts it right", async (_what, damage) => {
  const { store, folder, again } = makeStore();
  await store.replace([key("a")]);
  damage(folder);
  const damaged = again();
  expect(damaged.told).toEqual([expect.stringMatching(/^damaged: /)]);
  expect(damaged.store.signersOf("a.test")).toEqual([]);
  await damaged.store.replace([key("a")]);
  expect(again().store.names()).toEqual(["a"]);
});
