import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import { FactLog } from "#worker/scan/fact-log.ts";
import { MessageContent } from "#worker/scan/message-content.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { contentParts } from "../../support/content-parts.ts";

type Rulesets = Record<string, unknown>;

const place = {
  id: "01TEST",
  protocol: "smtp" as const,
  direction: "incoming" as const,
  interface: "A",
  policy: "P",
  route: "r",
  clientAddress: "192.0.2.1",
  sender: "a@b.test",
  recipients: [],
  user: null,
  revision: 7,
};

function judge(rulesets: Rulesets, message: string, protocol: "smtp" | "pop3" = "smtp") {
  const compiled = compilePolicy(
    policyDocumentSchema.parse({
      version: 1,
      interfaces: [{ name: "A", zone: "external" }],
      routes: [{ name: "r", protocol, targets: [{ host: "127.0.0.1", port: 1 }] }],
      proxyActions: [{ name: "p", protocol, direction: "incoming", rulesets }],
      policies: [
        {
          name: "P",
          protocol,
          from: { interface: "A" },
          to: { interface: "A", route: "r" },
          listen: [{ address: "127.0.0.1", port: 1 }],
          proxyAction: "p",
        },
      ],
    }),
  );
  const action = compiled.ok ? compiled.policy.listeners[0]?.policies[0]?.action : undefined;
  if (action === undefined) throw new Error(JSON.stringify(compiled));
  const hits: string[] = [];
  const log = new DecisionRecorder();
  const recorder = { ruleHit: (id: string, effect: string) => hits.push(`${effect} ${id}`) };
  const { judge: content } = new MessageContent({
    action,
    services: { recorder, now: Date.now, content: contentParts() },
    copies: [
      {
        facts: { sender: ["a@b.test"] },
        log,
        judgedBy: new FactLog(),
        place,
        edit: () => undefined,
        messageId: null,
      },
    ],
    senderCheck: null,
    envelope: null,
    original: null,
    hold: action.needs.hold,
    digest: false,
    gate: null,
  });
  const bytes = bytesOf(message.replaceAll("\n", "\r\n"));
  const atWrite = content.write(bytes);
  let atEnd: StageDecision | null = null;
  content.end(bytes.length, ({ refusal }) => {
    atEnd = refusal;
  });
  return {
    atWrite,
    atEnd: atEnd as StageDecision | null,
    hits,
    record: log.record(7),
    summary: content.summary,
    cause: content.cause,
  };
}

const exe = 'From: x@y.test\nSubject: hello\nContent-Disposition: attachment; filename="a.exe"\n\nMZ\n';
const noExe = { name: "no exe", when: { fileName: { like: "*.exe" } }, action: "deny" };

describe("the content of a message", () => {
  it("is refused by the attachment ruleset as soon as the part's header is read", () => {
    const { atWrite, atEnd, hits, record } = judge({ attachment: { rules: [noExe] } }, exe);
    expect(atWrite?.rule?.name).toBe("no exe");
    expect(atEnd).toBe(atWrite);
    expect(hits).toEqual(["enforced no exe"]);
    expect(record).toMatchObject({ verdict: "deny", stage: "attachment", ruleName: "no exe", revision: 7 });
  });

  it("is refused by the header ruleset, raw and decoded, and its header is still told whole", () => {
    const rules = [{ name: "h", when: { headerName: { is: "X-Bad" }, headerValue: { is: "Yes" } }, action: "deny" }];
    const { atWrite, summary } = judge({ header: { rules } }, `X-Bad: =?utf-8?Q?Yes?=\n${exe}`);
    expect(atWrite?.stage).toBe("header");
    expect(summary).toMatchObject({ from: "x@y.test", subject: "hello" });
  });

  it("is refused by the message ruleset only at its end", () => {
    const rules = [{ name: "big", when: { messageBytes: { over: 50 }, attachmentCount: { is: 1 } }, action: "deny" }];
    const { atWrite, atEnd } = judge({ message: { rules } }, exe);
    expect(atWrite).toBeNull();
    expect(atEnd?.rule?.name).toBe("big");
  });

  it("may be asked for From, Subject and the envelope at its parts", () => {
    const when = { from: { is: "x@y.test" }, subject: { is: "hello" }, sender: { is: "a@b.test" } };
    expect(judge({ attachment: { rules: [{ ...noExe, when }] } }, exe).atWrite?.rule?.name).toBe("no exe");
  });

  it("passes a rule in state observe, which counts once a message", () => {
    const rules = [{ name: "o", state: "observe", action: "deny" }];
    const { atEnd, hits, record } = judge({ header: { rules } }, exe);
    expect(atEnd).toBeNull();
    expect(hits).toEqual(["observed o"]);
    expect(record.observed).toHaveLength(1);
  });

  it("is refused without a rule when its structure cannot be inspected", () => {
    const message = `Content-Type: multipart/mixed; boundary=""\n\n--\n`;
    const { atEnd, cause, record } = judge({ attachment: { rules: [noExe] } }, message);
    expect(atEnd).toMatchObject({ rule: null, action: { kind: "deny", reply: { code: 554 } } });
    expect(cause).toBe("a boundary is empty or too long");
    expect(record.evidence).toEqual([{ fact: "structure", test: "can be inspected", observed: cause }]);
    expect(judge({ attachment: { rules: [{ ...noExe, action: "replace" }] } }, message, "pop3").atEnd?.action).toEqual({
      kind: "replace",
    });
  });

  it("passes uninspected when no rule that could refuse wanted to read it", () => {
    const message = `Content-Type: multipart/mixed; boundary=""\n\n--\n`;
    expect(judge({}, message).atEnd).toBeNull();
    expect(judge({ attachment: { rules: [{ ...noExe, state: "observe" }] } }, message).atEnd).toBeNull();
  });

  it("does not read parts that no rule asks for", () => {
    expect(judge({}, exe).summary).toMatchObject({ subject: "hello", attachmentCount: 0 });
  });

  it("is refused when a message rule asks for From or subject and the header cannot be read", () => {
    for (const fact of ["from", "subject"]) {
      const message = { rules: [{ name: "m", when: { [fact]: { like: "*bad*" } }, action: "deny" }] };
      const many = Array.from({ length: 2001 }, (_, index) => `X-${index}: y\n`).join("");
      const { atEnd, cause } = judge({ message }, `${many}From: bad@x.test\nSubject: bad\n\nbody\n`);
      expect(atEnd?.action.kind).toBe("deny");
      expect(cause).toBe("a header has more than 2000 fields");
    }
  });

  it("is refused when it has more From addresses than are looked at", () => {
    const message = { rules: [{ name: "m", when: { from: { is: "bad@x.test" } }, action: "deny" }] };
    const many = Array.from({ length: 100 }, (_, index) => `u${index}@x.test`);
    expect(judge({ message }, `From: ${many.join(", ")}\n\nbody\n`).atEnd).toBeNull();
    const { atEnd, cause } = judge({ message }, `From: ${many.join(", ")}, bad@x.test\n\nbody\n`);
    expect(atEnd?.action.kind).toBe("deny");
    expect(cause).toBe("there are more than 100 From addresses");
    expect(judge({ message }, `From: ${many.join(", ")}\nFrom: bad@x.test\n\nbody\n`).atEnd?.action.kind).toBe("deny");
  });

  it("is read in linear time however many From fields and unknown charsets it has", () => {
    const rules = [{ name: "m", when: { from: { is: "bad@x.test" } }, action: "deny" }];
    const fields = Array.from({ length: 1900 }, (_, field) => {
      const addresses = Array.from({ length: 70 }, (_, index) => `${(field * 70 + index).toString(36)}@`);
      return `From: ${addresses.join(",")}\n`;
    });
    const words = `Subject: ${"=?x?q?a?==?y?q?a?=".repeat(50_000)}\n`;
    for (const header of [fields.join(""), words]) {
      const startedAt = performance.now();
      judge({ message: { rules } }, `${header}\nbody\n`);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });
});
