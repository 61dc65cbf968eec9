import { describe, expect, it } from "vitest";
import { buildNotice } from "#core/message/notice.ts";
import { textOf } from "../../support/chunk-invariance.ts";
import { inspect } from "../../support/inspected.ts";

const now = Date.UTC(2026, 10, 22, 12);
const options = { reason: "An attachment is not allowed", id: "01ABC", now };

describe("a notice", () => {
  it("keeps From, Date, Subject and Message-ID as they were, folds included", () => {
    const { summary } = inspect(
      "Received: x\nfrom: A <a@b.test>\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: =?utf-8?Q?one?=\n two\nMessage-Id: <1@b.test>\n\nsecret\n",
    );
    const text = textOf(buildNotice({ ...options, identity: summary.identity }));
    expect(text).toContain("from: A <a@b.test>\r\n");
    expect(text).toContain("Subject: =?utf-8?Q?one?=\r\n two\r\n");
    expect(text).toContain("Message-Id: <1@b.test>\r\n");
    expect(text).not.toContain("secret");
    expect(text).not.toContain("Received");
  });

  it("says why and gives the id", () => {
    const text = textOf(buildNotice({ ...options, identity: [] }));
    expect(text).toContain("Reason: An attachment is not allowed\r\n");
    expect(text).toContain("01ABC");
  });

  it("has a From and a Date when the message had none", () => {
    const text = textOf(buildNotice({ ...options, identity: [] }));
    expect(text).toMatch(/^From: .+\r\nDate: Sun, 22 Nov 2026 12:00:00 \+0000\r\n/);
  });

  it("is well formed whatever stood in the original", () => {
    const raw = ` ${"\r\u0000x".repeat(3000)}\n \n\tmore`;
    const text = textOf(buildNotice({ ...options, identity: [{ name: "Subject", raw }] }));
    const lines = text.split("\r\n");
    expect(lines.every((line) => line.length <= 998 && !/[\r\n\0]/.test(line))).toBe(true);
    expect(lines.indexOf("")).toBeGreaterThan(6);
  });

  it("is in the language that is asked for, and may say that the message is in quarantine", () => {
    const notice = buildNotice({
      ...options,
      identity: [],
      language: "fr",
      kind: "quarantined",
      values: { contact: "Zoé" },
    });
    const text = textOf(notice);
    expect(text).toContain(
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    );
    expect(text).toContain("en quarantaine");
    expect(text).toContain("Zo=C3=A9");
  });

  it("cannot be given header lines by an id or a reason", () => {
    const text = textOf(buildNotice({ ...options, identity: [], id: "1\r\nBcc: a@b", reason: "x\r\n\r\ny" }));
    expect(text).toContain("X-Postern-Id: 1 Bcc: a@b\r\n");
    expect(text).toContain("Reason: x y\r\n");
  });
});
