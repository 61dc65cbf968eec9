import { expect, test } from "vitest";
import { compileTextList } from "#core/match/list-matcher.ts";
import { senderOf } from "#lib/quarantine/sender-lists.ts";

test("the sender of the envelope goes on a list, else the one author, spelled as lists compare", () => {
  expect(senderOf({ sender: "Ann@Sender.TEST", from: "x@other.test" })).toBe("ann@sender.test");
  expect(senderOf({ sender: "", from: "Ann <Ann@sender.test>" })).toBe("ann@sender.test");
  const beyondAscii = senderOf({ sender: "\u00c9va@sender.test", from: null });
  expect(compileTextList("addresses", [beyondAscii])("\u00c9va@sender.test")).toBe(true);
});

test("who cannot be told goes on none", () => {
  expect(() => senderOf({ sender: "", from: null })).toThrow("names no sender");
  expect(() => senderOf({ sender: null, from: "a@x.test, b@x.test" })).toThrow("several authors");
});
