import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { signIn } from "#lib/auth/mutations.ts";
import { accountLimits, pairLimits, waitAfterMs } from "#lib/auth/throttle.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useTestDatabase } from "../../support/database.ts";
import { makeAdministrator, testPassword } from "../../support/signed-in.ts";

useTestDatabase();
afterAll(closeDatabase);

const start = new Date("2026-01-05T10:00:00Z");
const wrong = { email: "mara@example.org", password: "wrong password!" };
const right = { email: "mara@example.org", password: testPassword };

function later(ms: number): Date {
  return new Date(start.getTime() + ms);
}

beforeEach(async () => {
  await database().signInThrottle.deleteMany();
  await database().user.deleteMany();
  await makeAdministrator();
});

describe("sign-in", () => {
  test("the right password signs in, and the audit log says who and from where", async () => {
    const result = await signIn(right, "192.0.2.7", start);
    expect(result).toMatchObject({ kind: "signed-in", user: { name: "Mara" } });
    const row = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
    expect(row).toMatchObject({ action: "session.start", actor: "Mara", address: "192.0.2.7", role: "administrator" });
    const session = await database().session.findFirstOrThrow();
    expect(row?.via).toBe(`session ${session.id.slice(0, 8)}`);
    expect(session).toMatchObject({ address: "192.0.2.7", startedAt: start, usedAt: start });
    expect((await database().user.findFirstOrThrow()).lastSignInAt).toEqual(start);
  });

  test("a wrong password is refused, and the audit log has the attempt but not the password", async () => {
    expect(await signIn(wrong, "192.0.2.7", start)).toEqual({ kind: "refused" });
    const rows = await database().auditEntry.findMany();
    expect(rows.at(-1)?.action).toBe("session.refuse");
    expect(JSON.stringify(rows, (_key, value) => (typeof value === "bigint" ? `${value}` : value))).not.toContain(
      wrong.password,
    );
  });

  test("who has not chosen a password yet is refused like anybody unknown", async () => {
    await database().user.updateMany({ data: { passwordHash: null } });
    expect(await signIn(right, null, start)).toEqual({ kind: "refused" });
    expect(await signIn({ ...right, password: "" }, null, start)).toEqual({ kind: "refused" });
  });

  test("five failures close the account for that address for 30 s, even for the right password; then it opens by itself", async () => {
    for (let n = 0; n < 5; n++) expect((await signIn(wrong, null, start)).kind).toBe("refused");
    expect(await signIn(right, null, later(1_000))).toEqual({ kind: "locked", until: later(30_000) });
    expect((await signIn(right, null, later(31_000))).kind).toBe("signed-in");
    expect((await signIn(wrong, null, later(32_000))).kind).toBe("refused");
  });

  test("trying while the account is closed does not keep it closed for longer", async () => {
    for (let n = 0; n < 5; n++) await signIn(wrong, null, start);
    for (let n = 0; n < 10; n++) await signIn(wrong, null, later(20_000));
    expect((await signIn(right, null, later(30_001))).kind).toBe("signed-in");
  });

  test("an account that does not exist is refused and closed in the same way", async () => {
    const unknown = { email: "nobody@example.org", password: "wrong password!" };
    for (let n = 0; n < 5; n++) expect(await signIn(unknown, null, start)).toEqual({ kind: "refused" });
    expect(await signIn(unknown, null, later(1_000))).toEqual({ kind: "locked", until: later(30_000) });
  });

  test("an address that fails for many accounts is closed for all of them", async () => {
    for (let n = 0; n < 20; n++) {
      await signIn({ email: `user${n}@example.org`, password: "wrong password!" }, "192.0.2.66", start);
    }
    expect((await signIn(right, "192.0.2.66", later(1_000))).kind).toBe("locked");
    expect((await signIn(right, "192.0.2.1", later(1_000))).kind).toBe("signed-in");
  });

  test("of twenty attempts at the same time at most five are looked at", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => signIn(wrong, null, start)));
    expect(results.filter(({ kind }) => kind === "refused").length).toBeLessThanOrEqual(5);
  });

  test("who guesses from one address shuts out himself, not the administrator elsewhere", async () => {
    for (let n = 0; n < 12; n++) await signIn(wrong, "192.0.2.66", start);
    expect((await signIn(right, "192.0.2.66", later(1_000))).kind).toBe("locked");
    expect((await signIn(right, "192.0.2.1", later(1_000))).kind).toBe("signed-in");
  });

  test("guesses from many addresses are slowed, and the account opens again within a minute", async () => {
    let lookedAt = 0;
    for (let n = 0; n < 50; n++) {
      const result = await signIn(wrong, `198.51.100.${n}`, start);
      if (result.kind === "refused") lookedAt += 1;
    }
    expect(lookedAt).toBe(30);
    expect((await signIn(right, "192.0.2.1", later(61_000))).kind).toBe("signed-in");
  });

  test("what is older than an hour is forgotten", async () => {
    await signIn(wrong, "192.0.2.66", start);
    await signIn(right, "192.0.2.1", later(60 * 60_000 + 1));
    const keys = (await database().signInThrottle.findMany()).map(({ key }) => key);
    expect(keys.filter((key) => key.includes("192.0.2.66"))).toEqual([]);
  });

  test("the wait doubles with each failure and ends at 15 minutes, for a whole account at one", () => {
    const waits = [4, 5, 6, 7, 20, 2000].map((failures) => waitAfterMs(failures, pairLimits) / 1000);
    expect(waits).toEqual([0, 30, 60, 120, 900, 900]);
    expect(waitAfterMs(2000, accountLimits)).toBe(60_000);
  });
});
