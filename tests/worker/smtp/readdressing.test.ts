import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, type SmtpRig, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

const body = "Subject: hello\r\n\r\nHello\r\n";

function envelopeLines({ upstream }: Pick<SmtpRig, "upstream">): string[] {
  return upstream.mails.flatMap(({ lines }) => lines.map((line) => line.replace(/ SIZE=\d+/, "")));
}

const rule = (name: string, action: unknown, when?: unknown) => ({
  name,
  action,
  ...(when === undefined ? {} : { when }),
});

describe("a rule that changes the envelope", () => {
  test("rewrites the sender for everyone after it, and the event tells old and new", async () => {
    const rules = [rule("masquerade", { rewrite: { domains: { "internal.test": "example.test" } } })];
    const recipients = [rule("only from outside names", "deny", { senderDomain: { is: "internal.test" } })];
    const rig = await smtpRig({ rulesets: { sender: { rules }, recipient: { rules: recipients } } });
    expect(await rig.client.mail(body, { sender: "ann@host.INTERNAL.test" })).toMatch(/^250/);
    expect(await rig.client.mail(body, { sender: "ann@INTERNAL.test", hello: false })).toMatch(/^250/);
    expect(envelopeLines(rig).filter((line) => line.startsWith("MAIL"))).toEqual([
      "MAIL FROM:<ann@host.INTERNAL.test>",
      "MAIL FROM:<ann@example.test>",
    ]);
    expect(rig.gateway.messages).toMatchObject([
      { sender: "ann@host.INTERNAL.test" },
      {
        sender: "ann@example.test",
        envelopeChanges: [
          { what: "sender", from: "ann@INTERNAL.test", to: "ann@example.test", ruleName: "masquerade" },
        ],
      },
    ]);
  });
  test("never touches the null path: what is sent back must reach nobody else", async () => {
    const rules = [rule("everyone", { rewrite: { pattern: ".*", to: "boss@example.test" } })];
    const rig = await smtpRig({ rulesets: { sender: { rules } } });
    expect(await rig.client.mail(body, { sender: "" })).toMatch(/^250/);
    expect(envelopeLines(rig)[0]).toBe("MAIL FROM:<>");
  });
  test("rewrites once: the rule that matched first, and its result meets no rule of its ruleset again", async () => {
    const rules = [
      rule("first", { rewrite: { domains: { "a.test": "b.test" } } }, { recipientDomain: { is: "a.test" } }),
      rule("second", { rewrite: { domains: { "b.test": "a.test" } } }, { recipientDomain: { is: "b.test" } }),
    ];
    const rig = await smtpRig({ rulesets: { recipient: { rules } } });
    await rig.client.mail(body, { recipients: ["x@a.test", "y@b.test"] });
    expect(envelopeLines(rig).slice(1)).toEqual(["RCPT TO:<x@b.test>", "RCPT TO:<y@a.test>"]);
  });
  test("shows content rules the new address, and sends the new one only", async () => {
    const rules = [rule("moved", { redirect: { to: "new@inside.test" } }, { recipient: { is: "old@inside.test" } })];
    const message = [rule("not for new", "deny", { recipient: { is: "new@inside.test" } })];
    const rig = await smtpRig({ rulesets: { recipient: { rules }, message: { rules: message } } });
    expect(await rig.client.mail(body, { recipients: ["old@inside.test"] })).toMatch(/^550 5\.7\.1/);
    expect(rig.upstream.lines.filter((line) => line.startsWith("RCPT"))).toEqual(["RCPT TO:<new@inside.test>"]);
    expect(rig.gateway.messages).toMatchObject([
      { decision: { ruleName: "not for new" }, recipients: [{ address: "new@inside.test" }] },
    ]);
  });
  test("an alias of several goes to each once, also when one was named already", async () => {
    const aliases = { "all@inside.test": ["a@inside.test", "b@inside.test", "A@inside.test", "a@INSIDE.test"] };
    const rig = await smtpRig({ rulesets: { recipient: { rules: [rule("all", { rewrite: { aliases } })] } } });
    expect(await rig.client.mail(body, { recipients: ["b@inside.test", "all@inside.test"] })).toMatch(/^250/);
    expect(envelopeLines(rig).slice(1)).toEqual([
      "RCPT TO:<b@inside.test>",
      "RCPT TO:<a@inside.test>",
      "RCPT TO:<A@inside.test>",
    ]);
  });
  test("an alias that is refused in part is refused as a whole, and nobody of it gets the message", async () => {
    const aliases = { "all@inside.test": ["a@inside.test", "gone@inside.test"] };
    const rig = await smtpRig(
      { rulesets: { recipient: { rules: [rule("all", { rewrite: { aliases } })] } } },
      { answer: (line) => (line.includes("gone@") ? "550 5.1.1 no such user" : undefined) },
    );
    const { client, gateway, upstream } = rig;
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<x@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<all@inside.test>")).toMatch(/^550 5\.1\.1/);
    expect(await client.command("DATA")).toMatch(/^354/);
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250 2\.0\.0 Accepted for delivery/);
    expect(upstream.mails).toEqual([]);
    const [id = ""] = gateway.spool.ids();
    expect(gateway.spool.entry(id)).toMatchObject({ recipients: ["x@inside.test"], state: "ready" });
  });
  test("an alias refused in part before any other recipient was taken leaves the next ones inline", async () => {
    const aliases = { "all@inside.test": ["a@inside.test", "gone@inside.test"] };
    const rig = await smtpRig(
      { rulesets: { recipient: { rules: [rule("all", { rewrite: { aliases } })] } } },
      { answer: (line) => (line.includes("gone@") ? "550 5.1.1 no such user" : undefined) },
    );
    const { client } = rig;
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<all@inside.test>")).toMatch(/^550 5\.1\.1/);
    expect(await client.command("RCPT TO:<x@inside.test>")).toMatch(/^250/);
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toBe("250 2.0.0 queued");
    expect(envelopeLines(rig)).toEqual(["MAIL FROM:<s@sender.test>", "RCPT TO:<x@inside.test>"]);
  });
  test.each([
    ["sender", "MAIL FROM:<ann@a.test>"],
    ["recipient", "RCPT TO:<ann@a.test>"],
  ])(
    "a %s that becomes no mailbox is refused for now and never sent; the event tells the rule",
    async (stage, line) => {
      const rules = [rule("broken", { rewrite: { pattern: "(.*)@a.test", to: "$1 x@b.test" } })];
      const { client, gateway, upstream } = await smtpRig({ rulesets: { [stage]: { rules } } });
      await client.command("EHLO c.test");
      if (stage === "recipient") await client.command("MAIL FROM:<s@sender.test>");
      expect(await client.command(line)).toBe("451 4.3.0 Local error; try again later");
      await client.command("QUIT");
      expect(gateway.messages).toMatchObject([
        { outcome: "refused", cause: `the ${stage} that rule "broken" made is no mailbox: ann x@b.test` },
      ]);
      expect(upstream.lines.filter((sent) => /ann|b\.test/.test(sent))).toEqual([]);
    },
  );
});

describe("a copy", () => {
  const rules = [rule("archive", { copy: { to: "archive@inside.test" } })];

  test("of a recipient goes out with the message once, asks for no report, and content rules do not see it", async () => {
    const message = [rule("several", "deny", { recipientCount: { over: 2 } })];
    const rig = await smtpRig({ rulesets: { recipient: { rules }, message: { rules: message } } });
    expect(await rig.client.mail(body, { recipients: ["a@inside.test", "b@inside.test"] })).toMatch(/^250/);
    expect(envelopeLines(rig).slice(1)).toEqual([
      "RCPT TO:<a@inside.test>",
      "RCPT TO:<b@inside.test>",
      "RCPT TO:<archive@inside.test> NOTIFY=NEVER",
    ]);
    expect(rig.gateway.messages[0]?.envelopeChanges?.map(({ what, to }) => `${what} ${to}`)).toEqual([
      "copy archive@inside.test",
      "copy archive@inside.test",
    ]);
  });
  test("of everything that a sender sends is a rule of the sender ruleset, the null path's too", async () => {
    const rig = await smtpRig({ rulesets: { sender: { rules } } });
    await rig.client.mail(body, { sender: "" });
    expect(envelopeLines(rig)).toContain("RCPT TO:<archive@inside.test> NOTIFY=NEVER");
  });
  test("that is a recipient anyway is sent once", async () => {
    const rig = await smtpRig({ rulesets: { recipient: { rules } } });
    await rig.client.mail(body, { recipients: ["a@inside.test", "archive@inside.test"] });
    expect(envelopeLines(rig).slice(1)).toEqual(["RCPT TO:<a@inside.test>", "RCPT TO:<archive@inside.test>"]);
  });
  test("that its server refuses stops the message: nobody misses it in silence", async () => {
    const rig = await smtpRig(
      { rulesets: { recipient: { rules } } },
      { answer: (line) => (line.includes("archive") ? "550 5.2.1 disabled" : undefined) },
    );
    await expect(rig.client.mail(body, { recipients: ["a@inside.test"] })).rejects.toThrow(/DATA: 451 4\.3\.0/);
    expect(rig.upstream.mails).toEqual([]);
    expect(rig.gateway.messages).toMatchObject([
      {
        outcome: "aborted",
        cause: "the copy to archive@inside.test was not taken",
        upstreamReply: "550 5.2.1 disabled",
      },
    ]);
  });
  test("of a refused recipient is not made", async () => {
    const rig = await smtpRig(
      {
        rulesets: {
          recipient: {
            rules: [rule("a only", { copy: { to: "archive@inside.test" } }, { recipient: { is: "a@inside.test" } })],
          },
        },
      },
      { answer: (line) => (line.includes("<a@") ? "550 5.1.1 no" : undefined) },
    );
    const { client } = rig;
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^550/);
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^250/);
    await client.command("DATA");
    client.send(`${body}.\r\n`);
    expect(await client.reply()).toMatch(/^250/);
    expect(envelopeLines(rig).join()).not.toContain("archive");
  });
  test("goes through the spool beside the message when it leads by another route", async () => {
    const { client, gateway } = await smtpRig({
      rulesets: { recipient: { rules: [rule("away", { copy: { to: "x@archive.test" } })] } },
      routes: { archive: { port: 9, domain: "archive.test" } },
    });
    expect(await client.mail(body, { recipients: ["a@inside.test"] })).toMatch(/^250 2\.0\.0 Accepted/);
    const entries = [...gateway.spool.ids()].map((id) => gateway.spool.entry(id));
    expect(entries).toMatchObject([
      { route: "inside", recipients: ["a@inside.test"] },
      { route: "archive", recipients: ["x@archive.test"] },
    ]);
  });
});

describe("recipientsMax", () => {
  test("counts what goes out: aliases and copies too", async () => {
    const aliases = { "all@inside.test": ["a@inside.test", "b@inside.test", "c@inside.test"] };
    const { client, gateway } = await smtpRig({
      limits: { recipientsMax: 3 },
      rulesets: { recipient: { rules: [rule("all", { rewrite: { aliases } })] } },
    });
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<x@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<all@inside.test>")).toBe("452 4.5.3 Too many recipients");
    expect(await client.command("RCPT TO:<b@inside.test>")).toMatch(/^250/);
    await client.command("QUIT");
    expect(gateway.messages).toMatchObject([{ cause: "recipientsMax" }]);
  });
});

describe("a message for very many", () => {
  test.each(["strictest", "split"])(
    "%s: takes time in proportion to its recipients",
    async (recipientsDiffer) => {
      const count = 30_000;
      const { client, gateway } = await smtpRig({
        delivery: "spool",
        limits: { recipientsMax: 50_000 },
        settings: { recipientsDiffer },
        rulesets: { recipient: { rules: [rule("copies", { copy: { to: "archive@inside.test" } })] } },
      });
      await client.command("EHLO c.test");
      const started = performance.now();
      const commands = Array.from({ length: count }, (_, n) => `RCPT TO:<user${n}@inside.test>\r\n`);
      client.send(`MAIL FROM:<s@sender.test>\r\n${commands.join("")}`);
      const bytes = "250 2.1.0 Sender OK\r\n".length + count * "250 2.1.5 Recipient OK\r\n".length;
      await expect.poll(() => client.unread.length, { timeout: 15_000 }).toBe(bytes);
      client.send("DATA\r\n");
      await expect.poll(() => client.unread.slice(-100), { timeout: 15_000 }).toMatch(/\r\n354 /);
      client.send(`${body}.\r\n`);
      await expect.poll(() => gateway.messages.length, { timeout: 15_000 }).toBe(1);
      // Quadratic, this was 20 seconds of a stopped event loop.
      expect(performance.now() - started).toBeLessThan(10_000);
      const [id = ""] = gateway.spool.ids();
      expect(gateway.spool.entry(id)?.recipients).toHaveLength(count + 1);
    },
    30_000,
  );
});

describe("the relay decision", () => {
  const inside = [rule("ours", "allow", { recipientDomain: { is: "inside.test" } })];
  const relay = { recipient: { rules: inside, noneMatched: { action: "deny" } } };

  test.each([
    "evil@evil.test",
    "evil%evil.test@inside.test",
    "evil.test!evil@inside.test",
    '"evil@evil.test"@inside.test',
    '"evil%evil.test"@inside.test',
    "@inside.test:evil@evil.test",
    "@inside.test,@evil.test:evil@evil.test",
    "evil@evil.test@inside.test",
    "evil@inside.test@evil.test",
    "evil@[192.0.2.1]",
    "evil@inside.test.evil.test",
    "evil@\u0131nside.test",
    "evil@evil.test>,<x@inside.test",
    "evil@evil.test\0@inside.test",
    "evil@inside.test\\@evil.test",
    '"\\"@evil.test,"@evil.test',
    "evil@ınsıde.test",
    "evil@inside。test",
    "evil",
    "@inside.test",
  ])("stands on the address that would be sent: %j reaches no other domain", async (address) => {
    const rig = await smtpRig({ rulesets: relay });
    await rig.client.command("EHLO c.test");
    await rig.client.command("MAIL FROM:<s@sender.test> SMTPUTF8");
    rig.client.send(Buffer.from(`RCPT TO:<${address}>\r\n`).toString("latin1"));
    expect(await rig.client.reply()).toMatch(/^5/);
    expect(rig.upstream.lines.filter((line) => line.startsWith("RCPT"))).toEqual([]);
  });
  test.each([
    ["Bob@INSIDE.test", "Bob@INSIDE.test"],
    ['"bob"@inside.test', "bob@inside.test"],
    ["@relay.test:bob@inside.test", "bob@inside.test"],
    ['"b\\ob"@inside.test', "bob@inside.test"],
    ['"b ob"@inside.test', '"b ob"@inside.test'],
  ])("sends %s in the one spelling that was judged", async (written, sent) => {
    const rig = await smtpRig({ rulesets: relay });
    expect(await rig.client.mail(body, { recipients: [written] })).toMatch(/^250/);
    expect(envelopeLines(rig).slice(1)).toEqual([`RCPT TO:<${sent}>`]);
  });
});
