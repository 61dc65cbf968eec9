import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asksToRelay, readPath } from "#core/smtp/path.ts";

function address(text: string): string | null {
  const read = readPath(text);
  return read.ok && read.rest === "" ? (read.mailbox?.address ?? "") : null;
}

describe("readPath", () => {
  test.each([
    ["<a@example.test>", "a@example.test"],
    ["<>", ""],
    ["<A.b+c@EXAMPLE.test>", "A.b+c@EXAMPLE.test"],
    ["<@one.test,@two.test:a@example.test>", "a@example.test"],
    ['<"a"@example.test>', "a@example.test"],
    ['<"a b"@example.test>', '"a b"@example.test'],
    ['<"a\\"b"@example.test>', '"a\\"b"@example.test'],
    ['<"\\a"@example.test>', "a@example.test"],
    ['<"a>b"@example.test>', '"a>b"@example.test'],
    ["<a@[192.0.2.1]>", "a@[192.0.2.1]"],
    ["<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"],
    ["<postmaster>", "postmaster"],
    ["<Postmaster>", "Postmaster"],
    ["<a@under_score.test>", "a@under_score.test"],
    ["<ä@bücher.test>", "ä@bücher.test"],
  ])("reads %s as %s", (text, expected) => {
    expect(address(text)).toBe(expected);
  });

  test.each([
    "a@example.test",
    "<a@example.test",
    "<a>",
    "<@example.test>",
    "<a@>",
    "<a@b@example.test>",
    "<a@example.test.>",
    "<a@.example.test>",
    "<a@example..test>",
    "<.a@example.test>",
    "<a.@example.test>",
    "<a..b@example.test>",
    "<a b@example.test>",
    "<a@exam ple.test>",
    "< a@example.test>",
    "<a@example.test >",
    "<@one.test:>",
    "<@one.test a@example.test>",
    '<""@example.test>',
    '<"a"b@example.test>',
    '<"a@example.test>',
    "<a@-example.test>",
    "<a@[192.0.2.1>",
    "<a@example.test\u200b>",
    "<a\u202e@example.test>",
    "<a@example\uff0etest>",
    "<a@e\u017fample.test>",
    "<a\uff20b>",
    "<a\u00a0b@example.test>",
    `<${"a".repeat(65)}@example.test>`,
    `<a@${"b".repeat(64)}.test>`,
    `<a@${"b.".repeat(130)}test>`,
  ])("refuses %j", (text) => {
    expect(readPath(text).ok).toBe(false);
  });

  test("gives what follows the path and whether it needs SMTPUTF8", () => {
    expect(readPath("<a@b.test> SIZE=3")).toMatchObject({ ok: true, rest: " SIZE=3", utf8: false });
    expect(readPath("<ä@b.test>")).toMatchObject({ ok: true, utf8: true });
  });

  test("what it gives reads again as the same address, and holds no line end or bracket outside quotes", () => {
    const piece = fc.constantFrom(
      "a",
      "b.c",
      "@",
      '"',
      "\\",
      ".",
      "x.test",
      "%",
      " ",
      ">",
      "<",
      ":",
      ",",
      "é",
      "\r",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readPath(`<${pieces.join("")}>`);
        if (!read.ok || read.mailbox === null) return;
        expect(read.mailbox.address).not.toMatch(/[\r\n]/);
        expect(readPath(`<${read.mailbox.address}>`)).toMatchObject({ ok: true, mailbox: read.mailbox, rest: "" });
      }),
      { numRuns: 2000 },
    );
  });
});

test("a local part with @, % or ! asks to relay, quoted or not", () => {
  for (const text of [
    "<a%b.test@example.test>",
    "<b!a@example.test>",
    '<"a@b.test"@example.test>',
    '<"a%b"@example.test>',
  ]) {
    const read = readPath(text);
    expect(read.ok && read.mailbox !== null && asksToRelay(read.mailbox)).toBe(true);
  }
});
