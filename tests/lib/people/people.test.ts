import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { permissionsOf, type Role } from "#core/contract/role.ts";
import { makeToken } from "#lib/api-tokens/mutations.ts";
import { holderOfToken } from "#lib/api-tokens/queries.ts";
import { signIn } from "#lib/auth/mutations.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { addPerson, changePerson, endSessions, removePerson, renewLink } from "#lib/people/mutations.ts";
import { listPeople } from "#lib/people/queries.ts";
import { noteOpen } from "#lib/presence/mutations.ts";
import { choosePassword } from "#lib/setup/mutations.ts";
import { readSetupLink } from "#lib/setup/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { makeAdministrator, makePerson, sessionCookieOf } from "../../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const ada = { name: "Ada", address: "192.0.2.7", role: "administrator", via: "session 1a2b3c4d" };
const pia = { name: "Pia", email: "pia@example.org", role: "editor" as Role, permissions: [] };
const password = "correct horse battery";

let administrator: { id: string };
beforeEach(async () => {
  await database().user.deleteMany();
  administrator = await makeAdministrator("Ada");
});

const asker = () => ({
  userId: administrator.id,
  permissions: permissionsOf({ role: "administrator", permissions: [] }),
});
const tokenIn = (link: string) => new URL(link).searchParams.get("token") ?? "";
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
const change = (userId: string, role: Role) =>
  transaction((tx) => changePerson(tx, ada, { userId, role, permissions: [] }));
const remove = (userId: string) => transaction((tx) => removePerson(tx, ada, { userId }, asker()));

describe("a person", () => {
  it("is added without a password, and chooses one with a link that works once", async () => {
    const { link } = await transaction((tx) => addPerson(tx, ada, pia));
    expect(await lastAudit()).toMatchObject({ action: "user.add", object: "pia@example.org", role: "administrator" });
    expect((await signIn({ email: pia.email, password }, null, new Date())).kind).toBe("refused");
    const token = tokenIn(link);
    expect(await readSetupLink(token, new Date())).toEqual({
      state: "open",
      person: { name: "Pia", email: pia.email },
    });
    await choosePassword({ token, password }, "192.0.2.8", new Date());
    expect(await lastAudit()).toMatchObject({ action: "user.password", actor: "Pia", address: "192.0.2.8" });
    expect((await signIn({ email: pia.email, password }, null, new Date())).kind).toBe("signed-in");
    expect((await readSetupLink(token, new Date())).state).toBe("used");
    await expect(choosePassword({ token, password }, null, new Date())).rejects.toMatchObject({
      code: "SETUP_LINK_OVER",
    });
  });

  it("has a link that nothing keeps in clear, which a day ends", async () => {
    const { link } = await transaction((tx) => addPerson(tx, ada, pia));
    const token = tokenIn(link);
    const everything = [await database().setupToken.findMany(), (await lastAudit()).detail];
    expect(JSON.stringify(everything)).not.toContain(token);
    const later = new Date(Date.now() + 24 * 3_600_000);
    expect((await readSetupLink(token, later)).state).toBe("expired");
    await expect(choosePassword({ token, password }, null, later)).rejects.toMatchObject({ code: "SETUP_LINK_OVER" });
  });

  it("chooses one password when the link is used twice at the same moment", async () => {
    const { link } = await transaction((tx) => addPerson(tx, ada, pia));
    const use = (suffix: string) =>
      choosePassword({ token: tokenIn(link), password: `${password}${suffix}` }, null, new Date());
    const results = await Promise.allSettled([use("1"), use("2")]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("has an address that nobody else has", async () => {
    await transaction((tx) => addPerson(tx, ada, pia));
    await expect(transaction((tx) => addPerson(tx, ada, pia))).rejects.toMatchObject({
      code: "NAME_TAKEN",
      fields: { email: [expect.any(String)] },
    });
  });

  it("who lost the password gets a new link; the older one and the sessions end, the first when it is made", async () => {
    const { id } = await makePerson("Pia", "editor");
    const first = await transaction((tx) => renewLink(tx, ada, { userId: id }));
    const second = await transaction((tx) => renewLink(tx, ada, { userId: id }));
    expect((await readSetupLink(tokenIn(first.link), new Date())).state).not.toBe("open");
    await sessionCookieOf({ id });
    await choosePassword({ token: tokenIn(second.link), password: `${password}!` }, null, new Date());
    expect(await database().session.count({ where: { userId: id } })).toBe(0);
    expect((await signIn({ email: pia.email, password }, null, new Date())).kind).toBe("refused");
  });

  it("has a role, and what is granted besides; what the role has already is not granted twice", async () => {
    const { id } = await makePerson("Pia", "viewer");
    const permissions = ["read-mail", "release-malware"] as const;
    await transaction((tx) => changePerson(tx, ada, { userId: id, role: "analyst", permissions: [...permissions] }));
    expect(await database().user.findUnique({ where: { id } })).toMatchObject({
      role: "analyst",
      permissions: ["release-malware"],
    });
    expect(await lastAudit()).toMatchObject({
      action: "user.change",
      summary: "Ada made Pia analyst and granted release-malware besides.",
      detail: { before: { role: "viewer", permissions: [] }, after: { role: "analyst" } },
    });
  });

  it("is listed with the sessions that go on, by the id that the audit log names them by", async () => {
    const { id } = await makePerson("Pia", "viewer");
    const sessionId = randomUUID();
    await sessionCookieOf({ id }, { sessionId });
    await sessionCookieOf({ id }, { usedAt: new Date(Date.now() - 16 * 60_000) });
    const listed = (await listPeople(new Date())).find((person) => person.id === id);
    expect(listed?.sessions.map((session) => session.id)).toEqual([`session ${sessionId.slice(0, 8)}`]);
    const { ended } = await transaction((tx) => endSessions(tx, ada, { userId: id }));
    expect(ended).toBe(2);
    expect(await lastAudit()).toMatchObject({ action: "session.end", summary: "Ada ended 2 sessions of Pia." });
  });

  it("who is removed has no session, open editor or link, and their API tokens are refused", async () => {
    const { id } = await makePerson("Pia", "administrator");
    await sessionCookieOf({ id });
    await transaction((tx) => renewLink(tx, ada, { userId: id }));
    await noteOpen({ userId: id, name: "Pia" }, { tab: "t".repeat(32), object: "route 1", open: true }, new Date());
    const order = { name: "of Pia", scopes: ["policy:read" as const], days: 1 };
    const { token } = await transaction((tx) => makeToken(tx, ada, order, { ...asker(), userId: id }));
    await remove(id);
    expect(await holderOfToken(token, new Date())).toBeNull();
    expect(await database().openEditor.count()).toBe(0);
    expect(await database().session.count()).toBe(0);
    expect(await database().setupToken.count({ where: { usedAt: null } })).toBe(0);
    expect(await lastAudit()).toMatchObject({ action: "user.remove", detail: { tokensRevoked: ["of Pia"] } });
    await expect(remove(id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("does not remove their own account", async () => {
    await makeAdministrator("Mara");
    await expect(remove(administrator.id)).rejects.toMatchObject({ code: "OWN_ACCOUNT" });
  });
});

describe("the last administrator", () => {
  it("is not demoted, and the log has nothing of the try", async () => {
    const before = await database().auditEntry.count();
    await expect(change(administrator.id, "viewer")).rejects.toMatchObject({ code: "LAST_ADMINISTRATOR" });
    expect(await database().auditEntry.count()).toBe(before);
  });

  it("is the last one still when another was added who has not chosen a password", async () => {
    await transaction((tx) => addPerson(tx, ada, { ...pia, role: "administrator" }));
    await expect(change(administrator.id, "viewer")).rejects.toMatchObject({ code: "LAST_ADMINISTRATOR" });
  });

  it("is not removed by somebody whose own role is gone meanwhile", async () => {
    const mara = await makeAdministrator("Mara");
    await change(administrator.id, "viewer");
    await expect(remove(mara.id)).rejects.toMatchObject({ code: "LAST_ADMINISTRATOR" });
  });

  it("stays when two administrators demote each other at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const mara = await makeAdministrator(`Mara${round}`);
      const results = await Promise.allSettled([change(mara.id, "viewer"), change(administrator.id, "viewer")]);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await database().user.count({ where: { role: "administrator" } })).toBe(1);
      await database().user.deleteMany();
      administrator = await makeAdministrator("Ada");
    }
  });
});
