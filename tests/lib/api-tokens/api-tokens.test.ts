import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenScope } from "#core/contract/api-token.ts";
import { makeToken, revokeToken } from "#lib/api-tokens/mutations.ts";
import { holderOfToken, listTokens } from "#lib/api-tokens/queries.ts";
import type { Asker } from "#lib/auth/permissions.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara } from "../../support/draft.ts";
import { makeAdministrator } from "../../support/signed-in.ts";

useTestDatabase();
afterAll(closeDatabase);

const dayMs = 86_400_000;
let maker: Asker;
beforeAll(async () => {
  maker = { userId: (await makeAdministrator()).id, permissions: ["make-tokens", "edit", "publish"] };
});
const make = (name: string, days = 30, scopes: TokenScope[] = ["policy:read", "policy:apply"]) =>
  transaction((tx) => makeToken(tx, mara, { name, scopes, days }, maker));
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

describe("an API token", () => {
  it("is given in clear once: the database and the audit log have only what tells it again", async () => {
    const { token } = await make("repository");
    expect(token).toMatch(/^postern_[\w-]{43}$/);
    const everything = JSON.stringify([await database().apiToken.findMany(), (await lastAudit()).detail]);
    expect(everything).not.toContain(token.slice("postern_".length));
    expect(await lastAudit()).toMatchObject({
      action: "api-token.make",
      actor: "Mara",
      object: "API token repository",
    });
    expect(await holderOfToken(token, new Date())).toMatchObject({
      name: "repository",
      scopes: ["policy:read", "policy:apply"],
    });
  });

  it("has a name that no other token in use has", async () => {
    await expect(make("repository")).rejects.toMatchObject({ code: "NAME_TAKEN" });
  });

  it("is not known once its days are over, and is listed behind those in use", async () => {
    const { token } = await make("for a day", 1);
    const later = new Date(Date.now() + 2 * dayMs);
    expect(await holderOfToken(token, later)).toBeNull();
    expect((await listTokens(later)).map(({ name, state }) => [name, state])).toEqual([
      ["repository", "in use"],
      ["for a day", "expired"],
    ]);
  });

  it("is not known once it is revoked, which happens once and is in the audit log", async () => {
    const { token } = await make("leaked");
    const { id } = (await listTokens(new Date())).find(({ name }) => name === "leaked") ?? expect.fail();
    await transaction((tx) => revokeToken(tx, mara, { tokenId: id }));
    expect(await holderOfToken(token, new Date())).toBeNull();
    expect(await lastAudit()).toMatchObject({ action: "api-token.revoke", object: "API token leaked" });
    await expect(transaction((tx) => revokeToken(tx, mara, { tokenId: id }))).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(make("leaked")).resolves.toHaveProperty("token");
  });

  it("replaces the draft only as long as its maker may edit it", async () => {
    const { token } = await make("applier");
    const where = { id: maker.userId };
    await database().user.update({ where, data: { role: "viewer" } });
    expect((await holderOfToken(token, new Date()))?.scopes).toEqual(["policy:read"]);
    await database().user.update({ where, data: { role: "administrator" } });
  });

  it("may no more than its maker, when it is made and ever after", async () => {
    const plain: Asker = { ...maker, permissions: ["make-tokens"] };
    const scopes: TokenScope[] = ["policy:read", "policy:publish"];
    const order = { name: "above", scopes, days: 1 };
    await expect(transaction((tx) => makeToken(tx, mara, order, plain))).rejects.toMatchObject({ code: "FORBIDDEN" });
    const { token } = await make("publisher", 1, scopes);
    const scopesNow = async () => (await holderOfToken(token, new Date()))?.scopes;
    expect(await scopesNow()).toEqual(scopes);
    const where = { id: maker.userId };
    await database().user.update({ where, data: { role: "editor" } });
    expect(await scopesNow()).toEqual(["policy:read"]);
    await database().user.delete({ where });
    expect(await holderOfToken(token, new Date())).toBeNull();
  });
});
