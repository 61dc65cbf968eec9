import { expect, test } from "vitest";
import { readHeaderFields } from "#lib/messages/header-fields.ts";

const message = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "latin1");

test("fields come in order, unfolded and decoded, and nothing of the body", () => {
  const bytes = message("From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>", "Subject: Of", "\tfer", "", "Not: a field");
  expect(readHeaderFields(bytes)).toEqual([
    { name: "From", value: "Jürgen <j@example.org>" },
    { name: "Subject", value: "Of fer" },
  ]);
});

test("a header that ends with the bytes is read as far as it goes", () => {
  expect(readHeaderFields(message("A: 1", "B: 2", ""))).toEqual([
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ]);
});

test("of very many fields the first 200 are kept, of a long one 2,000 characters", () => {
  const many = message(...Array.from({ length: 10_000 }, (_, n) => `X-${n}: 1`), "", "text");
  expect(readHeaderFields(many)).toHaveLength(200);
  expect(readHeaderFields(message(`Long: ${"x".repeat(5_000)}`, "", ""))[0]?.value).toHaveLength(2_000);
});
