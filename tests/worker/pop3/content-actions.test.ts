import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { messageEventSchema } from "#core/contract/event.ts";
import { stuffed } from "../../support/fake-pop3-server.ts";
import type { GatewayOptions } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";

async function start(message: string, gateway: Partial<GatewayOptions>) {
  const started = await startPop3({ messages: [message] }, gateway);
  await started.client.login();
  return started;
}

const head =
  "From: Ann <ann@sender.test>\r\nSubject: the report\r\nX-Secret: 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n";
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

  it("keeps a part that is locked away once, however often it is fetched, and shows its id", async () => {
    const { client, gate } = await start(message, { rulesets: attachment("lock") });
    const first = await client.answer("RETR 1");
    const [id = ""] = [...gate.quarantine.ids()];
    expect(first).toContain(id);
    expect(await client.answer("RETR 1")).toBe(first);
    expect([...gate.quarantine.ids()]).toEqual([id]);
    expect(gate.quarantine.entry(id)).toMatchObject({ kind: "part", fileName: "setup.exe", user: "joe", bytes: 12 });
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
  });

  it("is shown by TOP as RETR shows it", async () => {
    const { client } = await start(message, { rulesets });
    const top = await client.answer("TOP 1 1000");
    expect((await client.answer("RETR 1")).replace("+OK\r\n", "")).toBe(top.replace("+OK\r\n", ""));
  });
});
