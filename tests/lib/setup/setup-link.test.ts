import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { signIn } from "#lib/auth/mutations.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { firstAdministratorSchema } from "#lib/setup/first-administrator.ts";
import { createFirstAdministrator, createSetupLink } from "#lib/setup/mutations.ts";
import { readSetupLink } from "#lib/setup/queries.ts";
import { useTestDatabase } from "../../support/database.ts";

useTestDatabase();
afterAll(closeDatabase);

const start = new Date("2026-01-05T10:00:00Z");
const person = { name: "Mara", email: "Mara@Example.org", password: "correct horse battery" };

beforeEach(async () => {
  await database().user.deleteMany();
  await database().setupToken.deleteMany();
});

async function newToken(): Promise<string> {
  const link = await transaction((tx) => createSetupLink(tx, "http://127.0.0.1:3000", start));
  return new URL(link ?? "").searchParams.get("token") ?? "";
}

async function stateOf(token: string, now: Date) {
  return (await readSetupLink(token, now)).state;
}

function use(token: string, now = start): Promise<void> {
  const input = firstAdministratorSchema.parse({ ...person, token });
  return createFirstAdministrator(input, "127.0.0.1", now);
}

describe("the setup link", () => {
  test("makes the first administrator, who can sign in", async () => {
    const token = await newToken();
    expect(await stateOf(token, start)).toBe("open");
    await use(token);
    const result = await signIn({ email: "mara@example.org", password: person.password }, null, start);
    expect(result.kind).toBe("signed-in");
  });

  test("is kept as a hash only", async () => {
    const token = await newToken();
    expect(JSON.stringify(await database().setupToken.findMany())).not.toContain(token);
  });

  test("works once", async () => {
    const token = await newToken();
    await use(token);
    await expect(use(token)).rejects.toThrow("was used, or is too old");
    expect(await stateOf(token, start)).toBe("used");
    expect(await database().user.count()).toBe(1);
  });

  test("works once even when used twice at the same moment", async () => {
    const token = await newToken();
    const results = await Promise.allSettled([use(token), use(token)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("expires after 30 minutes", async () => {
    const token = await newToken();
    const tooLate = new Date(start.getTime() + 30 * 60_000);
    expect(await stateOf(token, tooLate)).toBe("expired");
    await expect(use(token, tooLate)).rejects.toThrow("was used, or is too old");
  });

  test("ends the link that was made before it", async () => {
    const first = await newToken();
    const second = await newToken();
    expect(await stateOf(first, start)).toBe("unknown");
    expect(await stateOf(second, start)).toBe("open");
  });

  test("is not made once somebody has an account", async () => {
    await use(await newToken());
    expect(await transaction((tx) => createSetupLink(tx, "http://127.0.0.1:3000", start))).toBeNull();
    expect(await stateOf("anything", start)).toBe("done");
  });

  test("a password of less than 12 characters is refused with words for the form", () => {
    const parsed = firstAdministratorSchema.safeParse({ ...person, password: "elevenchars", token: "t" });
    expect(parsed.error?.issues).toMatchObject([{ path: ["password"], message: "Use at least 12 characters." }]);
  });
});
