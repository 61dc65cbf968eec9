import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const tooFast = "450 4.7.1 Too much mail in a short time; try again later";

describe("rates of one client address", () => {
  test("past messagesPerSourcePerMinuteMax MAIL hears 450 on every connection; the event tells the limit", async () => {
    const { client, connect, gateway } = await smtpRig({ limits: { messagesPerSourcePerMinuteMax: 2 } });
    await client.command("EHLO c.test");
    for (let n = 0; n < 2; n++) {
      expect(await client.command("MAIL FROM:<a@sender.test>")).toMatch(/^250/);
      await client.command("RSET");
    }
    const other = await connect();
    await other.command("EHLO c.test");
    expect(await other.command("MAIL FROM:<a@sender.test>")).toBe(tooFast);
    expect(gateway.messages).toMatchObject([
      { outcome: "refused", cause: "messagesPerSourcePerMinuteMax: more than 2 in a minute" },
    ]);
    expect(gateway.bans).toEqual([]);
  });
  test("past recipientsPerSourcePerMinuteMax RCPT hears 450, and what was taken before goes on", async () => {
    const { client, gateway, upstream } = await smtpRig({ limits: { recipientsPerSourcePerMinuteMax: 1 } });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<c@inside.test>")).toBe(tooFast);
    await client.command("DATA");
    client.send("Subject: s\r\n\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
    expect(gateway.messages[0]?.cause).toBe("recipientsPerSourcePerMinuteMax: more than 1 in a minute");
  });
  test("autoBan for the rate refuses the source for a while, and the event says so", async () => {
    const { client, gateway } = await smtpRig({
      limits: { messagesPerSourcePerMinuteMax: 1 },
      settings: { autoBan: { on: ["rate"], minutes: 7 } },
    });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    await client.command("RSET");
    expect(await client.command("MAIL FROM:<a@sender.test>")).toBe(tooFast);
    expect(gateway.bans).toMatchObject([{ address: "127.0.0.1", minutes: 7 }]);
    expect(gateway.messages[0]?.cause).toMatch(/the source is blocked for 7 minutes$/);
  });
});
