import { createPublicKey, sign, verify } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "#lib/db.ts";
import { makeKeyPair } from "#lib/signing-keys/make-key-pair.ts";
import { activateSigningKey, deleteSigningKey, makeSigningKey, retireSigningKey } from "#lib/signing-keys/mutations.ts";
import { readSigningKeys, type SigningKeyView } from "#lib/signing-keys/queries.ts";
import { openedSecrets } from "#lib/vault/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara } from "../../support/draft.ts";

useTestDatabase();
useConsoleSettings();
const now = new Date("2026-11-27T10:00:00Z");
const first = { name: "main", domain: "example.test", selector: "pm1", algorithm: "ed25519" } as const;

beforeEach(async () => {
  await database().worker.deleteMany();
  await database().signingKey.deleteMany();
});

async function found(name: string): Promise<SigningKeyView> {
  const view = (await readSigningKeys(now)).find((one) => one.name === name);
  if (view === undefined) throw new Error(`no key ${name}`);
  return view;
}

async function command(name: string) {
  const { id, version } = await found(name);
  return { keyId: id, version };
}

describe("a signing key", () => {
  it.each(["rsa-2048", "ed25519"] as const)("of %s signs what its record verifies", (algorithm) => {
    const { privateKey, record } = makeKeyPair(algorithm);
    const [, kind, published = ""] = /^v=DKIM1; k=(rsa|ed25519); p=([A-Za-z0-9+/=]+)$/.exec(record) ?? [];
    expect(kind).toBe(algorithm === "ed25519" ? "ed25519" : "rsa");
    const bare = Buffer.from(published, "base64");
    const prefix = algorithm === "ed25519" ? Buffer.from("302a300506032b6570032100", "hex") : Buffer.alloc(0);
    const publicKey = createPublicKey({ key: Buffer.concat([prefix, bare]), format: "der", type: "spki" });
    const digest = algorithm === "ed25519" ? null : "sha256";
    const data = Buffer.from("what is signed");
    expect(verify(digest, data, publicKey, sign(digest, data, privateKey))).toBe(true);
  });

  it("is made without signing, kept sealed, and never shown", async () => {
    await makeSigningKey(mara, first);
    const view = await found("main");
    expect(view).toMatchObject({ active: false, recordName: "pm1._domainkey.example.test" });
    const [key] = (await openedSecrets()).signingKeys;
    expect(key).toMatchObject({ ...first, state: "published" });
    expect(key?.privateKey).toContain("PRIVATE KEY");
    const kept = JSON.stringify(await database().signingKey.findMany());
    const audited = JSON.stringify(await database().auditEntry.findMany(), (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    for (const text of [kept, audited, JSON.stringify(view)]) expect(text).not.toContain("PRIVATE KEY");
  });

  it("signs once it is activated, instead of the one of its algorithm and domain that did", async () => {
    await makeSigningKey(mara, first);
    await activateSigningKey(mara, await command("main"));
    await makeSigningKey(mara, { ...first, name: "next", selector: "pm2" });
    await makeSigningKey(mara, { ...first, name: "other", domain: "other.test" });
    await activateSigningKey(mara, await command("other"));
    await makeSigningKey(mara, { ...first, name: "rsa", selector: "pm3", algorithm: "rsa-2048" });
    await activateSigningKey(mara, await command("rsa"));
    await activateSigningKey(mara, await command("next"));
    const states = (await openedSecrets()).signingKeys.map(({ name, state }) => [name, state]);
    expect(Object.fromEntries(states)).toEqual({ main: "published", next: "active", other: "active", rsa: "active" });
    await retireSigningKey(mara, await command("next"));
    expect((await found("next")).active).toBe(false);
  });

  it("is deleted only while it does not sign, and at the version that was seen", async () => {
    await makeSigningKey(mara, first);
    const before = await command("main");
    await activateSigningKey(mara, before);
    await expect(deleteSigningKey(mara, before)).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
    await expect(deleteSigningKey(mara, await command("main"))).rejects.toMatchObject({ code: "IN_USE" });
    await retireSigningKey(mara, await command("main"));
    await deleteSigningKey(mara, await command("main"));
    expect(await readSigningKeys(now)).toEqual([]);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "signing-key.delete", summary: "ed25519, pm1._domainkey.example.test" });
  });

  it("has a name and a selector of its own", async () => {
    await makeSigningKey(mara, first);
    await expect(makeSigningKey(mara, first)).rejects.toMatchObject({ code: "NAME_TAKEN" });
    await expect(makeSigningKey(mara, { ...first, name: "b" })).rejects.toMatchObject({
      publicMessage: 'Not made: "main" has the selector pm1 of example.test already. Choose another selector.',
    });
  });
});
