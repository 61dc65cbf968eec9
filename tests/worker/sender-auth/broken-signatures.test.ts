import { describe, expect, test } from "vitest";
import type { HeaderField } from "#core/message/header-reader.ts";
import { brokenSignatures, type PlannedChanges } from "#worker/sender-auth/broken-signatures.ts";

const nothing: PlannedChanges = { body: false, changed: [], added: [] };
const signature = (h: string, more = ""): HeaderField => ({
  name: "DKIM-Signature",
  raw: ` v=1; a=rsa-sha256; d=a.test;\n s=s1; ${more}h=${h};\n bh=x; b=y`,
});
const from: HeaderField = { name: "From", raw: " ann@a.test" };
const subject: HeaderField = { name: "Subject", raw: " x" };
const because = (fields: HeaderField[], changes: Partial<PlannedChanges>) =>
  brokenSignatures(fields, { ...nothing, ...changes }).map((broken) => broken.because);

describe("a signature is broken", () => {
  test("by any change of the body, whatever l= says", () => {
    expect(because([signature("From"), from], { body: true })).toEqual(["body"]);
    expect(because([signature("From", "l=10; "), from], { body: true })).toEqual(["body"]);
  });
  test("by a change of a field that it covers, in any case and with blanks in the list", () => {
    const fields = [signature("from : SUB\n JECT: to".replace("\n ", "")), from, subject];
    expect(because(fields, { changed: ["Subject"] })).toEqual(["subject"]);
    expect(because(fields, { changed: ["X-Other"] })).toEqual([]);
  });
  test("by a field that is added only where it says that there is no other of that name", () => {
    expect(because([signature("From:Subject"), from, subject], { added: ["Subject"] })).toEqual([]);
    expect(because([signature("From:Subject:Subject"), from, subject], { added: ["subject"] })).toEqual(["subject"]);
    expect(because([signature("From:List-Id"), from], { added: ["List-Id"] })).toEqual(["list-id"]);
  });
  test("not by nothing", () => expect(because([signature("From"), from], {})).toEqual([]));
});

test("each signature is told with its domain and selector, those of an ARC chain as well", () => {
  const seal: HeaderField = { name: "ARC-Message-Signature", raw: " i=1; d=b.test; s=arc; h=From; bh=x; b=y" };
  expect(brokenSignatures([seal, signature("From"), from, subject], { ...nothing, body: true })).toEqual([
    { kind: "arc", domain: "b.test", selector: "arc", because: "body" },
    { kind: "dkim", domain: "a.test", selector: "s1", because: "body" },
  ]);
  expect(brokenSignatures([from, subject], { ...nothing, body: true })).toEqual([]);
});

test("a domain out of a message is told in plain characters, and short", () => {
  const [broken] = brokenSignatures([{ name: "DKIM-Signature", raw: ` d=\x1b[2J${"a".repeat(1_000)}; h=from` }], {
    ...nothing,
    body: true,
  });
  expect(broken?.domain).toMatch(/^\?\[2Ja{251}$/);
});
