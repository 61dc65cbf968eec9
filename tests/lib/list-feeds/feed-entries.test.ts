import { expect, it } from "vitest";
import { readFeed } from "#lib/list-feeds/feed-entries.ts";

it("takes what stands before the comments that feeds write", async () => {
  expect(await readFeed("networks", "# today\n192.0.2.0/24 ; SBL1\n2001:db8::/32;SBL2\n192.0.2.0/24\n")).toEqual({
    ok: true,
    entries: ["192.0.2.0/24", "2001:db8::/32"],
  });
});

it.each([
  ["networks", "192.0.2.0/24\nhello", /^1 of its 2 entries are no networks: "hello"$/],
  ["domains", "a.test\nhttps://b.test/x", /are no domains/],
  ["addresses", "a.test", /are no addresses/],
  ["words", "\u0007", /are no words/],
  ["patterns", "# nothing\n", /^it has no entries$/],
  [
    "domains",
    Array.from({ length: 100_001 }, (_, n) => `h${n}.test`).join("\n"),
    /^it has 100001 entries; a list holds 100000$/,
  ],
] as const)("gives nothing of a feed of %s with something else in it", async (kind, text, reason) => {
  expect(await readFeed(kind, text)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
});
