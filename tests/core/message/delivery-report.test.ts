import { describe, expect, it } from "vitest";
import { type DeliveryReport, deliveryReport } from "#core/message/delivery-report.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { inspectChunks } from "../../support/inspected.ts";

const original = bytesOf(
  "Received: x\r\nMessage-ID: <a@example.test>\r\nSubject: Offer\r\nTo: bob@example.test\r\n\r\nsecret body\r\n",
);
const at = Date.UTC(2026, 10, 27, 12, 0, 0);

function report(change: Partial<DeliveryReport> = {}): string {
  const given: DeliveryReport = {
    kind: "failed",
    id: "01REPORT",
    hostName: "gw.example.test",
    from: "postmaster@example.test",
    to: "anna@example.test",
    at,
    arrivedAt: at - 3_600_000,
    lastAttemptAt: at - 1000,
    retryUntil: null,
    envelopeId: null,
    subject: "Offer",
    recipients: [
      { address: "bob@example.test", original: null, reply: "550 5.1.1 No such user", server: "mx.example.test:25" },
    ],
    original,
    whole: false,
    ...change,
  };
  return Buffer.from(deliveryReport(given).bytes).toString("latin1");
}

describe("a delivery report (RFC 3464)", () => {
  it("has three parts: words, fields for programs, and the header of the message without its body", () => {
    const text = report();
    expect(inspectChunks([bytesOf(text)]).parts.map(({ contentTypes }) => contentTypes[0])).toEqual([
      "text/plain",
      "message/delivery-status",
      "text/rfc822-headers",
    ]);
    expect(text).toContain("Subject: Offer\r\nTo: bob@example.test\r\n");
    expect(text).not.toContain("secret body");
    expect(text).toMatch(/^From: Mail gateway <postmaster@example.test>\r\nTo: <anna@example.test>\r\n/m);
    expect(text).toContain("Subject: Not delivered: Offer\r\n");
    expect(text).toContain("References: <a@example.test>\r\n");
    expect(text).toContain("Auto-Submitted: auto-replied\r\n");
  });

  it("tells each recipient's fate as fields (§2.3)", () => {
    expect(report()).toContain(
      [
        "Reporting-MTA: dns; gw.example.test",
        "Arrival-Date: Fri, 27 Nov 2026 11:00:00 +0000",
        "",
        "Final-Recipient: rfc822; bob@example.test",
        "Action: failed",
        "Status: 5.1.1",
        "Remote-MTA: dns; mx.example.test",
        "Diagnostic-Code: smtp; 550 5.1.1 No such user",
        "Last-Attempt-Date: Fri, 27 Nov 2026 11:59:59 +0000",
        "",
      ].join("\r\n"),
    );
  });

  it("says back what the sender gave: ENVID and ORCPT", () => {
    const [recipient] = [{ address: "b@example.test", original: "rfc822;bob@old.test", reply: "550 no", server: null }];
    const text = report({ envelopeId: "QQ314159", recipients: [recipient] });
    expect(text).toContain("Original-Envelope-Id: QQ314159\r\n");
    expect(text).toContain("Original-Recipient: rfc822; bob@old.test\r\n");
  });

  it("has no words of a server where none was reached (§2.3.6)", () => {
    const recipients = [{ address: "b@example.test", original: null, reply: "no answer within 10 s", server: null }];
    const text = report({ recipients });
    expect(text).not.toMatch(/Diagnostic-Code|Remote-MTA/);
    expect(text).toContain("Status: 4.4.7\r\n");
  });

  it.each([
    ["failed", "550 5.7.1 refused", "5.7.1"],
    ["failed", "554 refused", "5.0.0"],
    ["failed", "451 4.3.0 later (given up: the retry schedule has run out)", "4.3.0"],
    ["delayed", "451 4.7.1 greylisted", "4.7.1"],
    ["delayed", "no answer", "4.0.0"],
    ["relayed", "250 2.1.5 taken", "2.1.5"],
    ["relayed", "250 ok", "2.0.0"],
  ] as const)("%s with %j has the status %s", (kind, reply, status) => {
    const text = report({ kind, recipients: [{ address: "b@x.test", original: null, reply, server: "mx.x.test:25" }] });
    expect(text).toContain(`Action: ${kind}\r\nStatus: ${status}\r\n`);
  });

  it("of a message that waits tells until when it is tried", () => {
    const text = report({ kind: "delayed", retryUntil: at + 86_400_000 });
    expect(text).toContain("Will-Retry-Until: Sat, 28 Nov 2026 12:00:00 +0000\r\n");
    expect(text).toContain("You need not send it again.");
  });

  it("brings the whole message back where the sender asked for it", () => {
    const text = report({ whole: true });
    expect(text).toContain("Content-Type: message/rfc822\r\n\r\n");
    expect(text).toContain("secret body\r\n");
  });

  it("cuts a header that is too long at a line, and takes time in proportion", () => {
    const long = bytesOf(
      `Subject: x\r\n${"X-Long: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(100_000)}\r\nbody`,
    );
    const text = report({ original: long });
    expect(text.length).toBeLessThan(70_000);
    expect(text).toMatch(/yyyy\r\n\r\n--=_postern_report_01REPORT--\r\n$/);
  });

  it("of addresses that are not ASCII is the form of RFC 6533", () => {
    const recipients = [{ address: "jörg@example.test", original: null, reply: "550 5.1.1 no", server: null }];
    const text = Buffer.from(report({ recipients }), "latin1").toString("utf8");
    expect(text).toContain("Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    expect(text).toContain("Final-Recipient: utf-8; jörg@example.test\r\n");
  });

  it("lets nothing of a reply or a subject become a field of its own", () => {
    const recipients = [{ address: "b@x.test", original: "x\r\nEvil: 1", reply: "550 a\r\nEvil: 2", server: null }];
    expect(report({ recipients, subject: "a\r\nEvil: 3", envelopeId: "a\r\nEvil: 4" })).not.toMatch(/^Evil/m);
  });
});
