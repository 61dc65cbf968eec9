import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { entries, envelope, send } from "../../support/envelope-steps.ts";
import { FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

const others: FakeSmtpServer[] = [];

afterEach(async () => {
  await closeRigs();
  for (const other of others.splice(0)) await other.stop();
});

async function otherServer(): Promise<FakeSmtpServer> {
  const other = await FakeSmtpServer.start();
  others.push(other);
  return other;
}

const body = "Subject: hello\r\n\r\nHello\r\n";
const secret = "Subject: secret\r\n\r\n.Hello\r\n";

/** Content rules that ask for a recipient. */
const guarded = {
  header: {
    rules: [
      {
        name: "no secrets for the press",
        when: { headerName: { is: "subject" }, headerValue: { is: "secret" }, recipient: { is: "press@inside.test" } },
        action: { deny: { text: "Not for the press" } },
      },
    ],
  },
};

describe("recipientsDiffer: strictest", () => {
  test("shows content rules all recipients, and the strictest verdict is everyone's", async () => {
    const { client, upstream } = await smtpRig({ rulesets: guarded });
    expect(await envelope(client, ["a@inside.test", "press@inside.test"])).toEqual(["250 2.1.5", "250 2.1.5"]);
    expect(await send(client, secret)).toMatch(/^550 5\.7\.1 Not for the press/);
    expect(upstream.mails).toEqual([]);
  });
});

describe("recipientsDiffer: defer", () => {
  test("a recipient whom the content rules treat otherwise hears 452 4.5.3; the others get the message", async () => {
    const { client, gateway, upstream } = await smtpRig({ settings: { recipientsDiffer: "defer" }, rulesets: guarded });
    expect(await envelope(client, ["a@inside.test", "press@inside.test", "b@inside.test"])).toEqual([
      "250 2.1.5",
      "452 4.5.3",
      "250 2.1.5",
    ]);
    expect(await send(client, secret)).toMatch(/^250/);
    expect(upstream.mails).toHaveLength(1);
    expect(gateway.messages[0]?.cause).toBe("recipientsDiffer: the content rules treat it unlike the first recipient");
  });
  test("rules that only observe or have expired defer nobody", async () => {
    const [rule] = guarded.header.rules;
    const rules = [
      { ...rule, name: "watching", state: "observe" },
      { ...rule, name: "over", expires: "2020-01-01T00:00:00Z" },
    ];
    const { client } = await smtpRig({ settings: { recipientsDiffer: "defer" }, rulesets: { header: { rules } } });
    expect(await envelope(client, ["a@inside.test", "press@inside.test"])).toEqual(["250 2.1.5", "250 2.1.5"]);
  });
});

describe("recipientsDiffer: split", () => {
  const settings = { recipientsDiffer: "split" };

  test("stays one inline message while all are treated alike", async () => {
    const { client, gateway } = await smtpRig({ settings, rulesets: guarded });
    await envelope(client, ["a@inside.test", "b@inside.test"]);
    expect(await send(client, secret)).toBe("250 2.0.0 queued");
    expect(gateway.messages).toMatchObject([{ outcome: "relayed" }]);
  });
  test("keeps a copy for each treatment, whole and with an id and an event of its own; unknown recipients are still refused", async () => {
    const other = await otherServer();
    other.options = { answer: (line) => (line.includes("nobody") ? "550 5.1.1 no" : undefined) };
    const { client, gateway, upstream } = await smtpRig({
      settings,
      routes: { second: { port: other.port, domain: "second.test" } },
    });
    const said = await envelope(client, ["a@inside.test", "b@second.test", "nobody@second.test", "c@inside.test"]);
    expect(said).toEqual(["250 2.1.5", "250 2.1.5", "550 5.1.1", "250 2.1.5"]);
    expect(await send(client, secret)).toMatch(/^250 2\.0\.0 Accepted for delivery/);
    expect(upstream.mails).toEqual([]);
    expect(entries(gateway)).toMatchObject([
      { route: "inside", recipients: ["a@inside.test", "c@inside.test"], state: "ready", subject: "secret" },
      { route: "second", recipients: ["b@second.test"], state: "ready" },
    ]);
    for (const id of gateway.spool.ids()) {
      const loaded = await gateway.spool.load(id);
      const kept = loaded === null ? "" : (await buffer(loaded.open())).toString("latin1");
      expect(kept).toMatch(new RegExp(`^Received: from [^;]* id ${id}[^;]*;[^;]*\\r\\n${secret.replace(".", "\\.")}$`));
    }
    const [first, second] = gateway.messages;
    expect([first?.id, second?.id]).toEqual([...gateway.spool.ids()]);
    expect(gateway.messages).toMatchObject([
      { outcome: "spooled", route: "inside", cause: "split: 2 copies by treatment" },
      {
        outcome: "spooled",
        route: "second",
        cause: "split: 2 copies by treatment",
        recipients: [{ address: "b@second.test" }],
      },
    ]);
    expect(first?.recipients.map(({ address }) => address)).toEqual([
      "a@inside.test",
      "nobody@second.test",
      "c@inside.test",
    ]);
  });
  test("judges each copy by its own recipients: one that is refused stays in the queue as failed, and is not sent", async () => {
    const { client, gateway } = await smtpRig({ settings, rulesets: guarded });
    await envelope(client, ["a@inside.test", "press@inside.test"]);
    expect(await send(client, secret)).toMatch(/^250/);
    const [, failedId = ""] = gateway.spool.ids();
    expect(entries(gateway)).toMatchObject([
      { recipients: ["a@inside.test"], state: "ready", lastReply: null },
      { recipients: ["press@inside.test"], state: "failed", lastReply: `550 5.7.1 Not for the press (${failedId})` },
    ]);
    expect(gateway.spool.claim(failedId)).toBeNull();
    expect(gateway.messages).toMatchObject([
      { outcome: "spooled", decision: { verdict: "allow" } },
      {
        id: failedId,
        outcome: "refused",
        decision: { verdict: "deny", ruleName: "no secrets for the press" },
        cause: "refused for these recipients while others get it: kept in the queue as failed",
      },
    ]);
  });
  test("a copy for the archive goes with what each treatment gets", async () => {
    const sender = { rules: [{ name: "archive", action: { copy: { to: "archive@inside.test" } } }] };
    const { client, gateway } = await smtpRig({ settings, rulesets: { ...guarded, sender } });
    await envelope(client, ["press@inside.test", "a@inside.test"]);
    expect(await send(client, secret)).toMatch(/^250/);
    expect(entries(gateway)).toMatchObject([
      { recipients: ["press@inside.test", "archive@inside.test"], state: "failed" },
      { recipients: ["a@inside.test", "archive@inside.test"], state: "ready" },
    ]);
  });
  test("when every copy is refused the session hears it and nothing is kept", async () => {
    const rules = [
      ...guarded.header.rules,
      { name: "nobody else", when: { headerValue: { is: "secret" } }, action: "deny" },
    ];
    const { client, gateway } = await smtpRig({ settings, rulesets: { header: { rules } } });
    await envelope(client, ["press@inside.test", "a@inside.test"]);
    expect(await send(client, secret)).toMatch(/^550 5\.7\.1 Not for the press/);
    expect(entries(gateway)).toEqual([]);
    expect(gateway.messages.map(({ outcome, decision }) => [outcome, decision.ruleName])).toEqual([
      ["refused", "no secrets for the press"],
      ["refused", "nobody else"],
    ]);
  });
  test("a limit refuses every copy, and each event tells it", async () => {
    const { client, gateway } = await smtpRig({ settings, rulesets: guarded, limits: { messageBytesMax: 1024 } });
    await envelope(client, ["a@inside.test", "press@inside.test"]);
    expect(await send(client, `Subject: long\r\n\r\n${"x\r\n".repeat(1000)}`)).toMatch(/^552 5\.3\.4/);
    expect(entries(gateway)).toEqual([]);
    expect(gateway.messages.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ["refused", "messageBytesMax"],
      ["refused", "messageBytesMax"],
    ]);
  });
  test("a client that goes away in the middle leaves nothing", async () => {
    const { client, gateway } = await smtpRig({ settings, rulesets: guarded });
    await envelope(client, ["a@inside.test", "press@inside.test"]);
    await client.command("DATA");
    client.send("Subject: half\r\n\r\nof it\r\n");
    client.close();
    await expect.poll(() => gateway.messages.map(({ outcome }) => outcome)).toEqual(["aborted", "aborted"]);
    expect(entries(gateway)).toEqual([]);
  });
  test("past treatmentsPerMessageMax a recipient is deferred", async () => {
    const rules = Array.from({ length: 20 }, (_, n) => ({
      name: `rule ${n}`,
      when: { recipient: { is: `r${n}@inside.test` }, headerName: { is: "x-none" } },
      action: "deny",
    }));
    const { client, gateway } = await smtpRig({ settings, rulesets: { header: { rules } } });
    const said = await envelope(
      client,
      rules.map((_, n) => `r${n}@inside.test`),
    );
    expect(said.filter((reply) => reply === "452 4.5.3")).toHaveLength(4);
    expect(await send(client, body)).toMatch(/^250/);
    expect(entries(gateway)).toHaveLength(16);
    expect(gateway.messages[0]?.cause).toMatch(/split: 16 copies/);
  });
});

describe("a client that logged in at the route's server", () => {
  const auth = { mechanisms: ["PLAIN"], beforeTls: "offered" };
  const plain = Buffer.from("\0ann\0secret").toString("base64");
  const server = {
    keywords: ["PIPELINING", "AUTH PLAIN"],
    answer: (line: string) =>
      line.startsWith("AUTH") ? "235 2.7.0 ok" : line.includes("gone@") ? "550 5.1.1 no" : undefined,
  };

  test("split: a recipient of another treatment is deferred, since nobody could log in as the client later", async () => {
    const { client, gateway } = await smtpRig(
      { settings: { auth, recipientsDiffer: "split" }, rulesets: guarded },
      server,
    );
    await client.command("EHLO c.test");
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^235/);
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<press@inside.test>")).toMatch(/^452 4\.5\.3/);
    expect(await send(client, body)).toBe("250 2.0.0 queued");
    expect(entries(gateway)).toEqual([]);
  });
  test("an alias that is refused in part leaves nothing that could be sent: 451, and nothing is kept", async () => {
    const aliases = { "all@inside.test": ["a@inside.test", "gone@inside.test"] };
    const { client, gateway, upstream } = await smtpRig(
      { settings: { auth }, rulesets: { recipient: { rules: [{ name: "all", action: { rewrite: { aliases } } }] } } },
      server,
    );
    await client.command("EHLO c.test");
    await client.command(`AUTH PLAIN ${plain}`);
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<x@inside.test>")).toMatch(/^250/);
    expect(await client.command("RCPT TO:<all@inside.test>")).toMatch(/^550/);
    expect(await client.command("DATA")).toMatch(/^451 4\.3\.0/);
    expect(upstream.mails).toEqual([]);
    expect(entries(gateway)).toEqual([]);
    expect(gateway.messages).toMatchObject([
      { outcome: "refused", cause: "several ways for one message of a client that logged in at the server" },
    ]);
  });
  test("a TLS rule that requires TLS refuses what would go over a login in the clear, and others go that way", async () => {
    const tlsRules = [
      { name: "partner", recipientDomain: { is: "partner.test" }, upstream: "required" },
      { name: "rest", upstream: "preferred" },
    ];
    const { client, upstream } = await smtpRig({ settings: { auth, tlsRules } }, server);
    await client.command("EHLO c.test");
    await client.command(`AUTH PLAIN ${plain}`);
    await client.command("MAIL FROM:<s@sender.test>");
    expect(await client.command("RCPT TO:<a@partner.test>")).toMatch(/^451 4\.7\.5/);
    expect(await client.command("RCPT TO:<a@inside.test>")).toMatch(/^250/);
    expect(await send(client, body)).toBe("250 2.0.0 queued");
    const [login = ""] = upstream.received.filter((text) => text.includes("AUTH PLAIN"));
    expect(login).toContain("RCPT TO:<a@inside.test>");
    expect(login).not.toContain("partner");
  });
});
