import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const ids = { sender: "00000000-0000-4000-8000-000000000001", file: "00000000-0000-4000-8000-000000000002" };
const executable =
  'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/octet-stream; name="a.exe"\r\n\r\nMZ\r\n--b--\r\n';

function rule(when: unknown, action: unknown, more: Record<string, unknown> = {}) {
  return { rules: [{ name: "a rule", when, action, ...more }] };
}

describe("policy", () => {
  test("a refused sender hears the rule's reply with our id at MAIL; the upstream is not asked", async () => {
    const { upstream, gateway, client } = await smtpRig({
      rulesets: {
        sender: rule(
          { senderDomain: { in: ["bad.test"] } },
          { deny: { code: 553, enhanced: "5.1.8", text: "Not from outside" } },
          { id: ids.sender },
        ),
      },
    });
    await client.command("EHLO c.test");
    const said = await client.command("MAIL FROM:<a@bad.test>");
    expect(said).toMatch(/^553 5\.1\.8 Not from outside \(01TEST\d+\)$/);
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^503/);
    expect(upstream.lines.filter((line) => line.startsWith("MAIL"))).toEqual([]);
    expect(gateway.messages).toMatchObject([
      { outcome: "refused", reply: said, decision: { verdict: "deny", stage: "sender", ruleId: ids.sender } },
    ]);
    expect(gateway.hits).toEqual([`enforced ${ids.sender}`]);
    expect(await client.mail("\r\n", { hello: false })).toMatch(/^250/);
  });
  test("a refused recipient leaves the others; the message's decision stays allow", async () => {
    const { upstream, gateway, client } = await smtpRig({
      rulesets: { recipient: rule({ recipient: { is: "no@i.test" } }, "deny") },
    });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<no@i.test>")).toMatch(/^550 5\.7\.1 Recipient refused by policy/);
    expect(await client.command("DATA")).toMatch(/^503/);
    expect(await client.command("RCPT TO:<yes@i.test>")).toMatch(/^250/);
    expect(await client.command("DATA")).toMatch(/^354/);
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails[0]?.lines).toEqual(["MAIL FROM:<a@s.test>", "RCPT TO:<yes@i.test>"]);
    expect(gateway.messages).toMatchObject([
      {
        outcome: "relayed",
        decision: { verdict: "allow" },
        recipients: [{ address: "no@i.test" }, { address: "yes@i.test" }],
      },
    ]);
  });
  test("a transaction whose only recipient was refused tells one event when it is given up", async () => {
    const { gateway, client } = await smtpRig({ rulesets: { recipient: rule(undefined, "tempfail") } });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^450 4\.7\.1/);
    await client.command("QUIT");
    expect(gateway.messages).toMatchObject([
      { outcome: "refused", decision: { verdict: "tempfail", stage: "recipient" } },
    ]);
  });
  test("a refused attachment cuts the upstream before the dot and is answered once, after the client's dot", async () => {
    const { upstream, gateway, client } = await smtpRig({
      rulesets: { attachment: rule({ fileName: { inList: "executables" } }, "deny", { id: ids.file }) },
    });
    const said = await client.mail(executable);
    expect(said).toMatch(/^550 5\.7\.1 Message refused by policy \(01TEST\d+\)$/);
    expect(await client.command("NOOP")).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(0);
    await waitUntil("the upstream sees the cut", () => upstream.cutBodies === 1);
    expect(gateway.messages).toMatchObject([
      {
        outcome: "refused",
        reply: said,
        subject: "x",
        decision: { verdict: "deny", stage: "attachment", ruleId: ids.file },
        attachments: [{ fileName: "a.exe" }],
      },
    ]);
    expect(await client.mail("Subject: clean\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("a rule in state observe is counted and never enforced", async () => {
    const { upstream, gateway, client } = await smtpRig({
      rulesets: {
        attachment: rule({ fileName: { inList: "executables" } }, "deny", { id: ids.file, state: "observe" }),
      },
    });
    expect(await client.mail(executable)).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
    expect(gateway.hits).toEqual([`observed ${ids.file}`]);
    expect(gateway.messages).toMatchObject([
      { outcome: "relayed", decision: { verdict: "allow", observed: [{ ruleId: ids.file, verdict: "deny" }] } },
    ]);
  });
  test("a refused greeting leaves the session where it was and tells a session event", async () => {
    const { gateway, client } = await smtpRig({ rulesets: { greeting: rule({ helo: { like: "bad*" } }, "deny") } });
    expect(await client.command("EHLO bad.test")).toMatch(/^550 5\.7\.1 Connection refused by policy/);
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^503/);
    expect(gateway.sessionEvents).toMatchObject([
      { helo: "bad.test", decision: { verdict: "deny", stage: "greeting" } },
    ]);
    expect(await client.command("EHLO good.test")).toMatch(/^250/);
  });
  test("drop answers and closes, block bans the source too", async () => {
    const dropped = await smtpRig({ rulesets: { sender: rule(undefined, "drop") } });
    await dropped.client.command("EHLO c.test");
    expect(await dropped.client.command("MAIL FROM:<a@s.test>")).toMatch(/^554 5\.7\.1/);
    expect(await dropped.client.reply()).toBe("closed");
    expect(dropped.gateway.bans).toEqual([]);
    const blocked = await smtpRig({ rulesets: { sender: rule(undefined, { block: { minutes: 7 } }) } });
    await blocked.client.command("EHLO c.test");
    expect(await blocked.client.command("MAIL FROM:<a@s.test>")).toMatch(/^554 5\.7\.1/);
    expect(await blocked.client.reply()).toBe("closed");
    expect(blocked.gateway.bans).toMatchObject([{ address: "127.0.0.1", minutes: 7, by: "rule" }]);
  });
});

describe("limits", () => {
  test("a declared size over the limit is 552 at MAIL, an undeclared one after the dot", async () => {
    const { upstream, gateway, client } = await smtpRig({ limits: { messageBytesMax: 1024 } });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test> SIZE=1025")).toMatch(/^552 5\.3\.4/);
    expect(await client.mail(`${"x".repeat(98)}\r\n`.repeat(11), { hello: false })).toMatch(/^552 5\.3\.4/);
    expect(await client.mail(`${"x".repeat(62)}\r\n`.repeat(16), { hello: false })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
    expect(gateway.messages.map(({ outcome, cause }) => `${outcome} ${cause}`)).toEqual([
      "refused messageBytesMax",
      "refused messageBytesMax",
      "relayed null",
    ]);
    expect(gateway.messages.map(({ decision }) => [decision.verdict, decision.ruleName])).toEqual([
      ["deny", null],
      ["deny", null],
      ["allow", null],
    ]);
  });
  test("a recipient past recipientsMax is 452, and the message goes to the others", async () => {
    const { upstream, client } = await smtpRig({ limits: { recipientsMax: 2 } });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b1@i.test>");
    await client.command("RCPT TO:<b2@i.test>");
    expect(await client.command("RCPT TO:<b3@i.test>")).toMatch(/^452 4\.5\.3/);
    await client.command("DATA");
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails[0]?.lines).toHaveLength(3);
  });
  test("a command line over commandBytesMax is 500 5.5.2, also an endless one", async () => {
    const { client } = await smtpRig({ limits: { commandBytesMax: 512 } });
    expect(await client.command(`NOOP ${"x".repeat(600)}`)).toMatch(/^500 5\.5\.2/);
    for (let n = 0; n < 100; n++) client.send("y".repeat(10_000));
    expect(await client.command("")).toMatch(/^500 5\.5\.2/);
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test("errorsMax refused commands end the session with 421", async () => {
    const { gateway, client } = await smtpRig({ limits: { errorsMax: 3 } });
    for (let n = 0; n < 3; n++) expect(await client.command("XYZZY")).toMatch(/^500/);
    expect(await client.reply()).toMatch(/^421 4\.7\.0/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ cause: "errorsMax: 3 errors in one session" }]);
  });
  test("a silent client hears 421 after idleTimeoutMs, and single bytes do not help", async () => {
    const { upstream, client, connect } = await smtpRig({ limits: { idleTimeoutMs: 1000 } });
    const dripping = await connect();
    await dripping.open();
    const drip = setInterval(() => dripping.send("x"), 100);
    expect(await client.reply()).toMatch(/^421 4\.4\.2/);
    expect(await dripping.reply()).toMatch(/^421 4\.4\.2/);
    clearInterval(drip);
    expect(await dripping.reply()).toBe("closed");
    await waitUntil("the upstream sees the cut", () => upstream.cutBodies === 1);
  });
  test("a message with more than 100 Received lines goes in circles: 554 5.4.6", async () => {
    const { upstream, client } = await smtpRig();
    const hops = (count: number) =>
      `${"Received: by x;\r\n\tthen\r\n".repeat(count)}Subject: x\r\n\r\nReceived: no\r\n`;
    expect(await client.mail(hops(101))).toMatch(/^554 5\.4\.6/);
    expect(await client.mail(hops(100), { hello: false })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("the event of a message with thousands of refused recipients names some of them", async () => {
    const { gateway, client } = await smtpRig({ limits: { recipientsMax: 1 } });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    client.send("RCPT TO:<b@i.test>\r\n".repeat(2001));
    for (let n = 0; n < 2001; n++) expect(await client.reply()).toMatch(n === 0 ? /^250/ : /^452/);
    await client.command("QUIT");
    expect(gateway.messages[0]?.recipients).toHaveLength(101);
  });
  test("a client that speaks HTTP is shown the door", async () => {
    const { gateway, client } = await smtpRig();
    client.send("POST / HTTP/1.1\r\nHost: gate.test\r\n\r\nMAIL FROM:<a@s.test>\r\n");
    expect(await client.reply()).toMatch(/^554/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ cause: "another protocol is spoken" }]);
  });
  test("a refused message that never ends is read for a limited time only, and its event tells the reason", async () => {
    const { gateway, client } = await smtpRig({ limits: { messageBytesMax: 1024, idleTimeoutMs: 1000 } });
    await client.open();
    const endless = setInterval(() => client.send(`${"x".repeat(98)}\r\n`.repeat(100)), 20);
    expect(await client.reply()).toMatch(/^421 4\.4\.2/);
    clearInterval(endless);
    expect(gateway.messages).toMatchObject([{ outcome: "refused", cause: "messageBytesMax" }]);
  });
  test("a recipient that asks to be relayed is refused", async () => {
    const { upstream, client } = await smtpRig();
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    for (const path of ["<a%other.test@i.test>", '<"a@other.test"@i.test>', "<other.test!a@i.test>"]) {
      expect(await client.command(`RCPT TO:${path}`)).toMatch(/^550 5\.7\.1/);
    }
    expect(await client.command("RCPT TO:<@i.test:a@other.test>")).toMatch(/^250/);
    expect(upstream.lines.filter((line) => line.startsWith("RCPT"))).toEqual(["RCPT TO:<a@other.test>"]);
  });
});
