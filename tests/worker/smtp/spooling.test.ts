import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const body = "Subject: later\r\n\r\n..stuffed\r\nend\r\n";

describe("delivery inline-or-spool", () => {
  test("accepts with our id when the upstream refuses the connection, and keeps the message undotted", async () => {
    const { upstream, gateway, client } = await smtpRig({ delivery: "inline-or-spool" });
    await upstream.stop();
    const said = await client.mail(body, { parameters: " BODY=8BITMIME SIZE=40" });
    expect(said).toMatch(/^250 2\.0\.0 Accepted for delivery \(01TEST\d+\)$/);
    const [id = ""] = gateway.spool.ids();
    expect(said).toContain(id);
    expect(gateway.spool.entry(id)).toMatchObject({
      sender: "a@sender.test",
      recipients: ["b@inside.test"],
      subject: "later",
      route: "inside",
      state: "ready",
    });
    const loaded = await gateway.spool.load(id);
    const kept = loaded === null ? "" : (await buffer(loaded.open())).toString("latin1");
    expect(kept).toMatch(/^Received: /);
    expect(kept.endsWith("\r\n\r\n.stuffed\r\nend\r\n")).toBe(true);
    expect(gateway.messages).toMatchObject([{ id, outcome: "spooled", reply: said, upstreamReply: null }]);
  });
  test.each([
    ["greets with 421", { greeting: "421 4.3.2 not now" }],
    ["answers EHLO with 4xx", { answer: (line: string) => (line.startsWith("EHLO") ? "451 not now" : undefined) }],
    ["never greets", { greeting: null }],
    ["does not speak SMTP", { greeting: "SSH-2.0-OpenSSH_9.2" }],
  ])("accepts when the upstream %s", async (_what, behaviour) => {
    const { gateway, client } = await smtpRig({ delivery: "inline-or-spool", connectTimeoutMs: 600 }, behaviour);
    expect(await client.mail(body)).toMatch(/^250 2\.0\.0 Accepted for delivery/);
    expect([...gateway.spool.ids()]).toHaveLength(1);
  });
  test("does not accept what the upstream refuses for good", async () => {
    const { gateway, client } = await smtpRig({ delivery: "inline-or-spool" }, { greeting: "554 5.3.2 never" });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^554 5\.3\.2/);
    expect([...gateway.spool.ids()]).toEqual([]);
  });
  test("a refusal for now is the client's, unless the route spools on it; a recipient too many never does", async () => {
    for (const [spoolOn, said, kept] of [
      ["down", "451 4.7.1 greylisted", 0],
      ["down-or-4xx", "250 2.1.5 Recipient OK", 1],
    ] as const) {
      const { gateway, client } = await smtpRig(
        { delivery: "inline-or-spool", spoolOn },
        { answer: (line) => (line.startsWith("RCPT") ? "451 4.7.1 greylisted" : undefined) },
      );
      await client.command("EHLO c.test");
      await client.command("MAIL FROM:<a@s.test>");
      expect(await client.command("RCPT TO:<b@i.test>")).toBe(said);
      if (kept === 0) continue;
      await client.command("DATA");
      expect(await client.command(`${body}.`)).toMatch(/^250 2\.0\.0 Accepted for delivery/);
      expect([...gateway.spool.ids()]).toHaveLength(kept);
      expect(gateway.messages).toMatchObject([
        { outcome: "spooled", cause: "spooled: the server answered 451 4.7.1 greylisted" },
      ]);
    }
    const { client } = await smtpRig(
      { delivery: "inline-or-spool", spoolOn: "down-or-4xx" },
      { answer: (line) => (line.startsWith("RCPT") ? "452 4.5.3 too many" : undefined) },
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toBe("452 4.5.3 too many");
  });
  test("relays again as soon as the upstream is back", async () => {
    const { upstream, gateway, client } = await smtpRig({ delivery: "inline-or-spool" });
    await upstream.stop();
    expect(await client.mail(body)).toMatch(/Accepted/);
    await upstream.start();
    expect(await client.mail(body, { hello: false })).toBe("250 2.0.0 queued");
    expect(upstream.mails).toHaveLength(1);
    expect(gateway.messages.map(({ outcome }) => outcome)).toEqual(["spooled", "relayed"]);
  });
  test("a blackholed upstream costs one client the connect timeout, not every client", async () => {
    const { client, connect } = await smtpRig(
      { delivery: "inline-or-spool", connectTimeoutMs: 600 },
      { greeting: null },
    );
    await client.mail(body);
    const other = await connect();
    const since = performance.now();
    expect(await other.mail(body)).toMatch(/Accepted/);
    expect(performance.now() - since).toBeLessThan(400);
  });
  test("judges a spooled message too", async () => {
    const { upstream, gateway, client } = await smtpRig({
      delivery: "inline-or-spool",
      rulesets: { header: { rules: [{ name: "r", when: { headerName: { is: "subject" } }, action: "deny" }] } },
    });
    await upstream.stop();
    expect(await client.mail(body)).toMatch(/^550 5\.7\.1/);
    expect([...gateway.spool.ids()]).toEqual([]);
    expect(gateway.spool.writers).toBe(0);
    expect(gateway.messages).toMatchObject([{ outcome: "refused", decision: { stage: "header" } }]);
  });
  test("forgets the message when the client goes away in its middle", async () => {
    const { upstream, gateway, client } = await smtpRig({ delivery: "inline-or-spool" });
    await upstream.stop();
    await client.open();
    client.send("Subject: half\r\n\r\nhal");
    client.close();
    await expect.poll(() => gateway.messages).toMatchObject([{ outcome: "aborted" }]);
    await expect.poll(() => gateway.spool.writers).toBe(0);
    expect([...gateway.spool.ids()]).toEqual([]);
  });
});

describe("delivery inline", () => {
  test("says 451 4.4.1 when the upstream cannot be reached, and keeps nothing", async () => {
    const { upstream, gateway, client } = await smtpRig();
    await upstream.stop();
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^451 4\.4\.1/);
    expect(await client.command("DATA")).toMatch(/^503/);
    await client.command("QUIT");
    expect([...gateway.spool.ids()]).toEqual([]);
    expect(gateway.messages).toMatchObject([{ outcome: "upstream-refused", decision: { verdict: "allow" } }]);
    expect(gateway.pool.routeState("inside").state).toBe("down");
  });
});

describe("delivery spool", () => {
  test("accepts without asking the upstream", async () => {
    const { upstream, gateway, client } = await smtpRig({ delivery: "spool" });
    expect(await client.mail(body)).toMatch(/Accepted/);
    expect(await client.mail(body, { hello: false })).toMatch(/Accepted/);
    expect(upstream.connections).toBe(0);
    expect([...gateway.spool.ids()]).toHaveLength(2);
  });
  test("says 452 4.3.1 while the disk is short", async () => {
    const { gateway, client } = await smtpRig({ delivery: "spool", freeBytesMin: Number.MAX_SAFE_INTEGER });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^452 4\.3\.1/);
    expect(gateway.messages).toMatchObject([{ outcome: "refused" }]);
  });
});
