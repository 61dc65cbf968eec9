import { afterAll, afterEach, describe, expect, test } from "vitest";
import { serverTls } from "../../support/server-tls.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test", "IP:127.0.0.1"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

const body = "Subject: s\r\n\r\ntext\r\n";
const is = (domain: string) => ({ is: domain });

describe("a TLS rule that requires TLS of the client", () => {
  const tls = serverTls("allowed", { mx });

  test("refuses MAIL in the clear from its sender domain, and takes it inside TLS", async () => {
    const settings = { tlsRules: [{ name: "bank", senderDomain: is("bank.test"), client: "required" }] };
    const { client, gateway, upstream } = await smtpRig({ tls, settings });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@BANK.test>")).toBe("530 5.7.0 Must issue a STARTTLS command first");
    expect(gateway.messages).toMatchObject([{ outcome: "refused", cause: "tlsRules: bank" }]);
    expect(await client.command("MAIL FROM:<a@other.test>")).toMatch(/^250/);
    await client.command("RSET");
    await client.command("STARTTLS");
    await client.startTls();
    expect(await client.mail(body, { sender: "a@bank.test" })).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("that names a recipient domain refuses RCPT, by the address as it was received", async () => {
    const settings = { tlsRules: [{ name: "legal", recipientDomain: is("legal.test"), client: "required" }] };
    const rules = [
      { name: "moved", action: { rewrite: { domains: { "legal.test": "b.test", "a.test": "legal.test" } } } },
    ];
    const { client } = await smtpRig({ tls, settings, rulesets: { recipient: { rules } } });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@sender.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<x@legal.test>")).toMatch(/^530 5\.7\.0/);
    expect(await client.command("RCPT TO:<x@a.test>")).toMatch(/^250/);
  });
  test("the first rule that fits decides: one before it for some recipients keeps MAIL open", async () => {
    const settings = {
      tlsRules: [
        { name: "public", recipientDomain: is("public.test"), client: "any" },
        { name: "all", client: "required" },
      ],
    };
    const { client } = await smtpRig({ tls, settings });
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@sender.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<x@public.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<x@inside.test>")).toMatch(/^530 5\.7\.0/);
  });
});

describe("a TLS rule for the upstream", () => {
  const required = { tlsRules: [{ name: "partner", recipientDomain: is("partner.test"), upstream: "required" }] };
  const anyCertificate = { routeTls: { mode: "none", verify: "none" } };

  test("that requires TLS speaks it where the route does not, and for nobody else", async () => {
    const { client, gateway } = await smtpRig({ ...anyCertificate, settings: required }, { tls: mx });
    expect(await client.mail(body, { recipients: ["a@partner.test"] })).toMatch(/^250/);
    expect(await client.mail(body, { recipients: ["a@inside.test"], hello: false })).toMatch(/^250/);
    expect(gateway.messages.map(({ tls }) => tls?.upstream?.slice(0, 7))).toEqual(["TLSv1.3", undefined]);
  });
  test("never falls back to clear text: the client hears 451 4.7.5 and nothing was sent", async () => {
    const { client, upstream } = await smtpRig({ ...anyCertificate, settings: required });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<a@partner.test>")).toMatch(/^451 4\.7\.5/);
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^250/);
    expect(upstream.lines.filter((line) => line.includes("partner"))).toEqual([]);
  });
  test("verifies by an authority where the route says nothing of certificates", async () => {
    const { client, gateway } = await smtpRig({ settings: required }, { tls: mx });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<a@partner.test>")).toMatch(/^451 4\.7\.5/);
    await client.command("QUIT");
    expect(gateway.messages[0]?.cause).toMatch(/certificate/);
  });
  test("strictest: the strictest rule is everyone's, also of those that were taken before", async () => {
    const { client, gateway, upstream } = await smtpRig({ ...anyCertificate, settings: required }, { tls: mx });
    await client.mail(body, { recipients: ["a@inside.test", "b@inside.test", "c@partner.test", "d@inside.test"] });
    expect(upstream.mails.map(({ lines }) => lines.slice(1).map((line) => line.slice(9, 10)))).toEqual([
      ["a", "b", "c", "d"],
    ]);
    expect(gateway.messages).toMatchObject([
      { outcome: "relayed", tls: { upstream: expect.stringMatching(/^TLSv1\.3/) } },
    ]);
    const clear = upstream.received.filter((text) => text.includes("partner.test") && !text.includes("EHLO"));
    expect(clear).toEqual([]);
  });
  test("strictest: where those before cannot have it the stricter one comes again, and they go as they were", async () => {
    const { client, gateway, upstream } = await smtpRig({ ...anyCertificate, settings: required });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<c@partner.test>")).toBe("452 4.5.3 Too many recipients");
    expect(await client.command("RCPT TO:<d@inside.test>")).toMatch(/^250/);
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toBe("250 2.0.0 queued");
    expect(upstream.lines.filter((line) => line.includes("partner"))).toEqual([]);
    expect(gateway.messages[0]?.cause).toMatch(/not taken with stricter TLS: .*STARTTLS/);
  });
  test("strictest: a recipient that its server refuses under stricter TLS changes nothing for the others", async () => {
    const answer = (line: string) => (line.includes("c@partner") ? "550 5.1.1 no" : undefined);
    const { client, upstream } = await smtpRig({ ...anyCertificate, settings: required }, { tls: mx, answer });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<c@partner.test>")).toMatch(/^550 5\.1\.1/);
    expect(await client.command("RCPT TO:<d@partner.test>")).toMatch(/^250/);
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toBe("250 2.0.0 queued");
    expect(upstream.mails.map(({ lines }) => lines.slice(1))).toEqual([
      ["RCPT TO:<a@inside.test>", "RCPT TO:<d@partner.test>"],
    ]);
  });
  test("strictest: the spool keeps the strictest for all", async () => {
    const { client, gateway } = await smtpRig({ delivery: "spool", settings: required });
    expect(await client.mail(body, { recipients: ["a@inside.test", "b@partner.test"] })).toMatch(/^250/);
    const [id = "", ...more] = gateway.spool.ids();
    expect(more).toEqual([]);
    expect((await gateway.spool.load(id))?.envelope).toMatchObject({ tls: "required", recipients: [{}, {}] });
  });
  test.each(["none", "preferred"])(
    "strictest: a rule for %s takes nothing from those whose route requires TLS, in the spool neither",
    async (upstream) => {
      const { client, gateway } = await smtpRig({
        delivery: "spool",
        routeTls: { mode: "required", verify: "none" },
        settings: { tlsRules: [{ name: "lax", recipientDomain: is("lax.test"), upstream }] },
      });
      expect(await client.mail(body, { recipients: ["a@inside.test", "b@lax.test"] })).toMatch(/^250/);
      const [id = "", ...more] = gateway.spool.ids();
      expect(more).toEqual([]);
      const kept = (await gateway.spool.load(id))?.envelope;
      expect(kept).toMatchObject({ recipients: [{}, {}] });
      expect(kept?.tls).toBeUndefined();
    },
  );
  test("strictest: thousands of recipients that were taken before are asked again", async () => {
    const { client, gateway } = await smtpRig({
      delivery: "spool",
      settings: required,
      limits: { recipientsMax: 20_000, recipientsPerSourcePerMinuteMax: 100_000 },
    });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    for (let n = 0; n < 12_000; n++) {
      client.send(`RCPT TO:<r${n}@inside.test>\r\n`);
      if (n % 500 === 499) for (let m = 0; m < 500; m++) expect(await client.reply()).toMatch(/^250/);
    }
    expect(await client.command("RCPT TO:<b@partner.test>")).toMatch(/^250/);
    expect(gateway.spool.writers).toBe(0);
  });
  test("defer: looks at the new address; recipients of another demand cannot go with the first", async () => {
    const rules = [{ name: "moved", action: { rewrite: { domains: { "old.test": "partner.test" } } } }];
    const { client, gateway } = await smtpRig(
      { ...anyCertificate, settings: { ...required, recipientsDiffer: "defer" }, rulesets: { recipient: { rules } } },
      { tls: mx },
    );
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    expect(await client.command("RCPT TO:<a@old.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<a@inside.test>")).toBe("452 4.5.3 Too many recipients");
    await client.command("QUIT");
    expect(gateway.messages[0]?.cause).toBe(
      "recipientsDiffer: its TLS rule asks for as-route, the first one's for required",
    );
  });
  test("goes with the message into the spool", async () => {
    const { client, gateway } = await smtpRig({ delivery: "spool", settings: required });
    expect(await client.mail(body, { recipients: ["a@partner.test"] })).toMatch(/^250/);
    const [id = ""] = gateway.spool.ids();
    expect((await gateway.spool.load(id))?.envelope.tls).toBe("required");
  });
});
