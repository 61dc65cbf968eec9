import { describe, expect, it } from "vitest";
import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { sourceOfBytes, streamOf } from "#worker/quarantine/content-stream.ts";
import type { KeptJudgement } from "#worker/quarantine/quarantine.ts";
import { keptJudge } from "#worker/scan/judge-kept.ts";
import type { SpoolEnvelope } from "#worker/spool/spool.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { contentParts } from "../../support/content-parts.ts";
import { type GatewayOptions, smtpPolicy } from "../../support/smtp-gateway.ts";

const envelope: SpoolEnvelope = {
  id: "01TEST00000000000000000001",
  receivedAt: 0,
  interface: "External",
  policy: "In",
  route: "inside",
  revision: 1,
  sender: "a@sender.test",
  mailParameters: [],
  recipients: [{ address: "b@inside.test", parameters: [] }],
};
const entry: QuarantineEntry = {
  id: envelope.id,
  messageId: envelope.id,
  kind: "message",
  cause: "content",
  malware: [],
  ruleId: "reports",
  ruleName: "reports",
  revision: 1,
  protocol: "smtp",
  direction: "incoming",
  interface: "External",
  policy: "In",
  route: "inside",
  clientAddress: "192.0.2.1",
  sender: "a@sender.test",
  recipients: ["b@inside.test"],
  user: null,
  from: null,
  subject: null,
  fileName: null,
  contentType: null,
  bytes: 0,
  sha256: "0".repeat(64),
  keptAt: new Date(0).toISOString(),
  expiresAt: new Date(0).toISOString(),
  state: "held",
  releasedTo: [],
};
const message =
  'From: a@sender.test\r\nSubject: the report\r\nContent-Type: text/plain; name="a.txt"\r\n\r\nHello.\r\n';
const quarantine = { name: "reports", when: { subject: { like: "*report*" } }, action: "quarantine" };

function judge(
  rulesets: Record<string, unknown>,
  kept: Partial<QuarantineEntry> = {},
  content = message,
  options: Partial<GatewayOptions> & { malware?: boolean } = {},
): Promise<KeptJudgement> {
  const { malware = false, ...others } = options;
  const policy = smtpPolicy({ upstreamPorts: [1], rulesets, ...others });
  const judgeKept = keptJudge({
    policyOf: (name) => (name === policy.name ? policy : null),
    content: contentParts(),
    hostNameOf: () => "gate.test",
    newId: () => "01TEST00000000000000000002",
    now: Date.now,
  });
  const source = sourceOfBytes(bytesOf(content));
  const all = { ...entry, ...kept };
  return new Promise((resolve, reject) =>
    judgeKept({ entry: all, envelope, content: source, passOver: all.ruleId, malware }, (error, judgement) =>
      judgement === null ? reject(error ?? new Error("nothing")) : resolve(judgement),
    ),
  );
}

async function sent(judgement: KeptJudgement): Promise<string> {
  if (!judgement.goes) return judgement.reason;
  const pieces: Uint8Array[] = [];
  for await (const piece of streamOf(judgement.content)) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  expect(whole.length).toBe(judgement.content.bytes);
  return whole.toString("latin1");
}

describe("what was kept, judged again before it is released", () => {
  it("goes as it came when only the rule that kept it speaks against it", async () => {
    expect(await sent(await judge({ message: { rules: [quarantine] } }))).toBe(message);
  });

  it("goes with the changes of the other rules", async () => {
    const tag = { name: "tag", action: { modify: { tag: "[EXT]" } } };
    const judgement = await judge({ message: { rules: [quarantine, tag] } });
    expect(await sent(judgement)).toBe(message.replace("Subject: the", "Subject: [EXT] the"));
  });

  it("goes with a Message-ID of ours where the settings say so", async () => {
    const settings = { messageIdHeader: "replace" };
    const own = message.replace("Subject", "Message-ID: <1@host.internal>\r\nSubject");
    const judgement = await judge(
      { header: { rules: [{ ...quarantine, when: { headerName: { is: "x" } } }] } },
      {},
      own,
      {
        settings,
      },
    );
    expect(await sent(judgement)).toMatch(/^From: .*\r\nMessage-ID: <[0-9a-f]{32}@gate\.test>\r\nSubject: the report/);
  });

  it("does not go when another rule stops it, sends it elsewhere, or its policy is gone", async () => {
    const other = (action: unknown) => judge({ message: { rules: [quarantine, { name: "other", action }] } });
    expect(await other("deny")).toEqual({ goes: false, reason: 'the rule "other" stops it' });
    expect(await other("quarantine")).toEqual({ goes: false, reason: 'the rule "other" stops it' });
    expect(await other({ redirect: { to: "x@inside.test" } })).toEqual({
      goes: false,
      reason: 'the rule "other" sends it to somebody else',
    });
    expect(await judge({}, { policy: "Gone" })).toEqual({ goes: false, reason: 'there is no policy "Gone" any more' });
  });

  it("goes when what matched no rule was kept", async () => {
    const judgement = await judge({ message: { noneMatched: { action: "hold" } } }, { ruleId: null });
    expect(await sent(judgement)).toBe(message);
  });

  it("does not go while its structure cannot be read, and that is what is said", async () => {
    const part = "--b\r\n\r\nx\r\n";
    const parts = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(1_001)}--b--\r\n`;
    const exe = { name: "programs", when: { fileName: { like: "*.exe" } }, action: "deny" };
    expect(await judge({ attachment: { rules: [exe] } }, {}, parts)).toEqual({
      goes: false,
      reason: "it cannot be inspected: the message has more than 1000 parts",
    });
    const kept = { attachment: { noneMatched: { action: "quarantine" } } };
    const scanner = { name: "av", kind: "clamd", at: { socket: "/nobody" }, onFailure: "pass" };
    const scanned = { document: { scanners: [scanner] }, content: { scanners: ["av"] } };
    expect(await judge(kept, { ruleId: null }, parts, scanned)).toMatchObject({ goes: false });
    expect(await judge(kept, { ruleId: null }, parts)).toMatchObject({ goes: true });
  });

  it("is not released while a scanner gives no verdict, unless malware may go as well", async () => {
    const scanner = { name: "av", kind: "clamd", at: { socket: "/nobody" }, onFailure: "match" };
    const down = { document: { scanners: [scanner] }, content: { scanners: ["av"] } };
    const rulesets = {
      attachment: { rules: [{ name: "reports", when: { virus: { like: "*" } }, action: "quarantine" }] },
    };
    await expect(judge(rulesets, {}, message, down)).rejects.toThrow("a scanner gives no verdict now");
    expect(await sent(await judge(rulesets, {}, message, { ...down, malware: true }))).toBe(message);
  });

  it("as a part is judged in the message that will bring it, and goes as it is", async () => {
    const exe = { name: "programs", when: { fileName: { like: "*.exe" } }, action: "lock" };
    const part = { kind: "part", fileName: "setup.exe", contentType: "application/octet-stream" } as const;
    expect(await sent(await judge({ attachment: { rules: [exe] } }, { ...part, ruleId: "programs" }, "MZ"))).toBe("MZ");
    expect(await judge({ attachment: { rules: [exe] } }, { ...part, ruleId: "another" }, "MZ")).toEqual({
      goes: false,
      reason: 'the rule "programs" stops it',
    });
  });
});
