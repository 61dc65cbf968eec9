import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { stuffed } from "../../support/fake-pop3-server.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import type { GatewayOptions } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { testScanner } from "../../support/scanned.ts";

async function start(message: string, gateway: Partial<GatewayOptions>) {
  const started = await startPop3({ messages: [message] }, gateway);
  await started.client.login();
  return started;
}

const head =
  "From: Ann <ann@sender.test>\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nSubject: the report\r\nX-Secret: 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n";
const text = "--b1\r\nContent-Type: text/plain\r\n\r\nHello.\r\n.dot\r\n";
const exe =
  '--b1\r\nContent-Type: application/octet-stream; name="setup.exe"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAEAAAA\r\n';
const end = "--b1--\r\n";
const message = head + text + exe + end;

const isExe = { fileName: { like: "*.exe" } };
const attachment = (action: unknown) => ({ attachment: { rules: [{ name: "no programs", when: isExe, action }] } });

describe("a message that is changed", () => {
  it("has a notice in the place of a part, and every other octet as it came, in RETR and in TOP", async () => {
    const { client, gate } = await start(message, { rulesets: attachment("strip") });
    const answer = await client.answer("RETR 1");
    expect(answer.startsWith(`+OK\r\n${stuffed(head + text)}--b1\r\n`)).toBe(true);
    expect(answer.endsWith(`\r\n${end}.\r\n`)).toBe(true);
    expect(answer).not.toContain("TVqQ");
    const top = await client.answer("TOP 1 100");
    expect(top.replace("+OK\r\n", "")).toBe(answer.replace("+OK\r\n", ""));
    expect(await client.answer("TOP 1 0")).toBe(`+OK\r\n${stuffed(head)}.\r\n`);
    expect(messageEventSchema.parse(gate.events[0])).toMatchObject({
      outcome: "retrieved",
      decision: { verdict: "strip" },
      content: { held: { what: "parts" }, changes: [{ part: 2 }] },
    });
  });

  it("lacks a header line that is taken out", async () => {
    const rules = [{ name: "secret", when: { headerName: { is: "X-Secret" } }, action: "strip" }];
    const { client } = await start(message, { rulesets: { header: { rules } } });
    const changed = message.replace("X-Secret: 1\r\n", "");
    expect(await client.answer("RETR 1")).toBe(`+OK\r\n${stuffed(changed)}.\r\n`);
  });

  it("keeps bare line ends, NULs and 8-bit bytes where nothing is changed", async () => {
    const rules = [{ name: "secret", when: { headerName: { is: "X-Secret" } }, action: "strip" }];
    const odd = "X-Secret: 1\r\nSubject: odd\r\n\r\nbare\nlf\rcr\0nul\n.\n.\r.\r\r\n.\r\n\xff\xfe\r\n";
    const { client } = await start(odd, { rulesets: { header: { rules } } });
    expect(await client.answer("RETR 1")).toBe(`+OK\r\n${stuffed(odd.replace("X-Secret: 1\r\n", ""))}.\r\n`);
  });

  it("keeps a part that is locked away once, however often it is fetched, and shows its id", async () => {
    const { client, gate } = await start(message, { rulesets: attachment("lock") });
    const first = await client.answer("RETR 1");
    const [id = ""] = [...gate.quarantine.ids()];
    expect(first).toContain(id);
    expect(await client.answer("RETR 1")).toBe(first);
    expect([...gate.quarantine.ids()]).toEqual([id]);
    expect(gate.quarantine.entry(id)).toMatchObject({ kind: "part", fileName: "setup.exe", user: "joe", bytes: 12 });
    await gate.quarantine.markReleased(id, []);
    expect(await client.answer("RETR 1")).toBe(`+OK ${message.length} octets\r\n${stuffed(message)}.\r\n`);
  });

  it("comes with an encoded message that was locked away for several of its parts, once that is released", async () => {
    const inner = (head + exe + exe + end).replaceAll("b1", "b2");
    const encoded = `--b1\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa(inner)}\r\n`;
    const whole = head + encoded + end;
    const { client, gate } = await start(whole, { rulesets: attachment("lock") });
    await client.answer("RETR 1");
    const [id = "", ...others] = [...gate.quarantine.ids()];
    expect(others).toEqual([]);
    await gate.quarantine.markReleased(id, []);
    expect(await client.answer("RETR 1")).toBe(`+OK ${whole.length} octets\r\n${stuffed(whole)}.\r\n`);
  });
});

describe("a message in quarantine", () => {
  const rulesets = {
    message: { rules: [{ name: "reports", when: { subject: { like: "*report*" } }, action: "quarantine" }] },
  };

  it("gives way to a notice with the id, is kept once, and comes as it was once it is released", async () => {
    const { client, gate } = await start(message, { rulesets });
    const notice = await client.answer("RETR 1");
    const [id = ""] = [...gate.quarantine.ids()];
    expect(notice).toContain(id);
    expect(notice).not.toContain("Hello.");
    expect(await client.answer("RETR 1")).toContain(id);
    expect([...gate.quarantine.ids()]).toEqual([id]);
    const sha256 = createHash("sha256").update(message).digest("hex");
    expect(gate.quarantine.entry(id)).toMatchObject({ kind: "message", sha256, user: "joe" });
    expect(messageEventSchema.parse(gate.events[0])).toMatchObject({
      outcome: "replaced",
      decision: { verdict: "quarantine" },
      content: { quarantined: [id] },
    });
    await gate.quarantine.markReleased(id, []);
    expect(await client.answer("RETR 1")).toBe(`+OK ${message.length} octets\r\n${stuffed(message)}.\r\n`);
    expect(messageEventSchema.parse(gate.events.at(-1))).toMatchObject({
      outcome: "retrieved",
      cause: "released from quarantine",
    });
  });

  it("is shown by TOP as RETR shows it", async () => {
    const { client } = await start(message, { rulesets });
    const top = await client.answer("TOP 1 1000");
    expect((await client.answer("RETR 1")).replace("+OK\r\n", "")).toBe(top.replace("+OK\r\n", ""));
  });
});

describe("a message that cannot be judged now", () => {
  it("gives way to a notice, and is judged anew when it is asked for again", async () => {
    const served = new Map<number, number>();
    let answers = false;
    const clamd = await FakeScanner.start((heard, connection) => {
      if (heard.includes("zVERSION\0")) return "ClamAV 1.0/1/Mon Jan  1 00:00:00 2024\0";
      if (!heard.endsWith("\0\0\0\0") || !answers) return null;
      const number = (served.get(connection) ?? 0) + 1;
      served.set(connection, number);
      return `${number}: stream: OK\0`;
    });
    const av = { kind: "clamd", name: "av", at: clamd.at, timeLimitMs: 500 } as const;
    const scanner = testScanner(av);
    const { client, gate } = await start("Subject: one part\r\n\r\nHello.\r\n", {
      document: { scanners: [av] },
      content: { scanners: ["av"] },
      parts: { scanners: { get: () => scanner } },
    });
    expect(await client.answer("RETR 1")).toContain("It cannot be inspected.");
    expect(messageEventSchema.parse(gate.events[0])).toMatchObject({
      outcome: "replaced",
      cause: expect.stringContaining("the scanner av gave no verdict"),
    });
    answers = true;
    expect(await client.answer("TOP 1 1")).toContain("Hello.");
    expect(await client.answer("RETR 1")).toContain("Hello.");
  });
});
