import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "#lib/db.ts";
import { noteOpen, presenceMs } from "#lib/presence/mutations.ts";
import { openElsewhere } from "#lib/presence/queries.ts";
import { useTestDatabase } from "../../support/database.ts";

useTestDatabase();
const mara = { userId: randomUUID(), name: "Mara" };
const pia = { userId: randomUUID(), name: "Pia" };
const [hers, his] = ["a".repeat(32), "b".repeat(32)];
const start = Date.parse("2026-11-28T08:00:00Z");

function look(user: typeof mara, tab: string, object: string, afterMs = 0, open = true) {
  return noteOpen(user, { tab, object, open }, new Date(start + afterMs));
}

describe("who has an object open", () => {
  beforeEach(() => database().openEditor.deleteMany());

  it("is told to each who opens it, never of themselves, and not of other objects", async () => {
    expect(await look(mara, hers, "route 1")).toEqual({ others: [] });
    expect(await look(pia, his, "route 1", 1_000)).toEqual({ others: [mara] });
    expect(await look(mara, hers, "route 1", 2_000)).toEqual({ others: [pia] });
    expect(await look(pia, his, "route 2", 3_000)).toEqual({ others: [] });
    expect(await look(mara, hers, "route 1", 4_000)).toEqual({ others: [] });
  });

  it("counts another window of the same person", async () => {
    await look(mara, hers, "route 1");
    expect(await look(mara, his, "route 1")).toEqual({ others: [mara] });
  });

  it("ends when the editor says so, and half a minute after it was last heard of", async () => {
    await look(mara, hers, "route 1");
    await look(pia, his, "route 1", 1_000);
    await look(pia, his, "route 1", 1_500, false);
    expect(await look(mara, hers, "route 1", 2_000)).toEqual({ others: [] });
    await look(pia, his, "route 1", 3_000);
    expect(await look(mara, hers, "route 1", 3_000 + presenceMs)).toEqual({ others: [pia] });
    expect(await look(mara, hers, "route 1", 3_001 + presenceMs)).toEqual({ others: [] });
    expect(await database().openEditor.count()).toBe(1);
  });

  it("is ended by nobody else", async () => {
    await look(mara, hers, "route 1");
    await look(pia, hers, "route 1", 0, false);
    expect(await look(pia, his, "route 1")).toEqual({ others: [mara] });
  });

  it("is told of everything that others have open, each person once", async () => {
    await look(mara, hers, "route 1");
    await look(mara, his, "route 1");
    await look(pia, "c".repeat(32), "list 1");
    const seen = (user: typeof mara, afterMs = 0) => openElsewhere(user.userId, new Date(start + afterMs));
    expect(await seen(pia)).toEqual({ open: [{ object: "route 1", name: "Mara" }] });
    expect(await seen(mara)).toEqual({ open: [{ object: "list 1", name: "Pia" }] });
    expect(await seen(pia, presenceMs + 1)).toEqual({ open: [] });
  });
});
