import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const body = "Subject: x\r\n\r\nbody\r\n";

describe("a defect of ours while an upstream's answer is taken", () => {
  test("ends its session with 421 and no other", async () => {
    const { gateway, client, connect } = await smtpRig();
    const other = await connect();
    gateway.events.push = () => {
      Reflect.deleteProperty(gateway.events, "push");
      throw new Error("a defect");
    };
    expect(await client.mail(body)).toMatch(/^421 4\.3\.0/);
    expect(await client.reply()).toBe("closed");
    expect(await other.mail(body)).toMatch(/^250/);
    expect(gateway.messages).toMatchObject([{ outcome: "relayed" }]);
  });
});

describe("a refused EHLO", () => {
  test("leaves the name of the one before it in force", async () => {
    const greeting = { rules: [{ name: "no spam", when: { helo: { is: "spam.test" } }, action: "deny" }] };
    const { gateway, upstream, client } = await smtpRig({ rulesets: { greeting } });
    expect(await client.command("EHLO good.test")).toMatch(/^250/);
    expect(await client.command("EHLO spam.test")).toMatch(/^550/);
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b@i.test>");
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(upstream.mails[0]?.body).toContain("from good.test");
    expect(gateway.messages).toMatchObject([{ helo: "good.test" }]);
    expect(gateway.sessionEvents).toMatchObject([{ helo: "spam.test" }]);
  });
});

describe("an upstream that answers before it is asked", () => {
  test("is not believed: two replies to one command are no answer to the next", async () => {
    const { gateway, upstream, client } = await smtpRig(
      {},
      {
        keywords: ["8BITMIME"],
        answer: (line) => {
          if (line.startsWith("MAIL")) return "250 ok\r\n250 and the recipient, too";
          return line.startsWith("RCPT") ? "550 no" : undefined;
        },
      },
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@s.test>");
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^451/);
    expect(upstream.lines.some((line) => line.startsWith("RCPT"))).toBe(false);
    await client.command("RSET");
    expect(gateway.messages).toMatchObject([{ outcome: "upstream-refused" }]);
  });
});
