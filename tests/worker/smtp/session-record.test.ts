import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { ConnectionEvent } from "#core/contract/event.ts";
import { serverTls } from "../../support/server-tls.ts";
import type { SmtpGateway } from "../../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

const mail = "Subject: s\r\n\r\ntext\r\n";

async function recordOf({ connections }: SmtpGateway): Promise<ConnectionEvent> {
  await waitUntil("the session has its record", () => connections.length === 1);
  const [record] = connections;
  if (record === undefined) throw new Error("no record");
  return record;
}

const said = ({ trace }: ConnectionEvent) => trace.map(({ command, reply }) => `${command} → ${reply}`);

describe("the record of an SMTP session", () => {
  test("tells who it was, what it carried, and what was said", async () => {
    const { client, gateway, upstream } = await smtpRig({
      rulesets: { recipient: { rules: [{ name: "no c", when: { recipient: { like: "c@*" } }, action: "deny" }] } },
    });
    await client.mail(mail);
    await client.command("MAIL FROM:<>");
    await client.command("RCPT TO:<c@inside.test>");
    await client.command("RSET");
    await client.command("WHAT");
    await client.command("QUIT");
    const record = await recordOf(gateway);
    expect(record).toMatchObject({
      protocol: "smtp",
      interface: "External",
      policy: "In",
      proxyAction: "Mail in",
      helo: "client.test",
      user: null,
      authMechanism: null,
      tls: { client: null, upstream: null },
      upstream: `127.0.0.1:${upstream.port}`,
      bytesIn: client.socket.bytesWritten,
      bytesOut: client.socket.bytesRead,
      end: "quit",
      cause: null,
      mailbox: null,
      verdicts: [
        { verdict: "allow", messages: 1 },
        { verdict: "deny", messages: 1 },
      ],
    });
    expect(said(record)).toEqual([
      " → 220 gate.test ESMTP",
      "EHLO client.test → 250-gate.test",
      "MAIL FROM:<a@sender.test> → 250 2.1.0 Sender OK",
      expect.stringMatching(/^RCPT TO:<b@inside\.test> → 250 /),
      expect.stringMatching(/^DATA → 354 /),
      expect.stringMatching(/^\. → 250 /),
      expect.stringMatching(/^MAIL FROM:<> → 250 /),
      expect.stringMatching(/^RCPT TO:<c@inside\.test> → 550 5\.7\.1 /),
      expect.stringMatching(/^RSET → 250 /),
      expect.stringMatching(/^\(refused line\) → 50[0-9] /),
      expect.stringMatching(/^QUIT → 221 /),
    ]);
    expect(record.messageIds).toEqual(gateway.messages.map(({ id }) => id));
    expect(gateway.messages.map(({ connection }) => connection)).toEqual([record.id, record.id]);
  });

  test("holds no secret of a login, tells who logged in and what TLS both legs spoke", async () => {
    const token = Buffer.from("\0ann@i.test\0s3cret").toString("base64");
    const { client, gateway } = await smtpRig(
      { settings: { auth: { mechanisms: ["PLAIN"] } }, tls: serverTls("allowed", { mx }) },
      {
        keywords: ["AUTH PLAIN"],
        answer: (line) => (line === "AUTH PLAIN" ? "334 " : line === token ? "235 2.7.0 ok" : undefined),
      },
    );
    await client.command("EHLO a.test");
    await client.command("STARTTLS");
    await client.startTls();
    await client.command("EHLO b.test");
    await client.command("AUTH PLAIN");
    expect(await client.command(token)).toMatch(/^235 /);
    await client.command("QUIT");
    const record = await recordOf(gateway);
    expect(record).toMatchObject({
      helo: "b.test",
      user: "ann@i.test",
      authMechanism: "PLAIN",
      tls: { client: "TLSv1.3 TLS_AES_256_GCM_SHA384" },
    });
    expect(said(record)).toContainEqual(expect.stringMatching(/^STARTTLS → 220 /));
    expect(said(record)).toContainEqual(expect.stringMatching(/^AUTH PLAIN … → 235 /));
    expect(JSON.stringify(record)).not.toContain(token);
  });

  test("of a client that was idle, erred, left or was refused by a rule says so", async () => {
    const idle = await smtpRig({ limits: { idleTimeoutMs: 1000 } });
    await idle.client.command("EHLO a.test");
    expect(await recordOf(idle.gateway)).toMatchObject({ end: "idle", cause: "idleTimeoutMs" });

    const errs = await smtpRig({ limits: { errorsMax: 1 } });
    await errs.client.command("WHAT");
    expect(await recordOf(errs.gateway)).toMatchObject({ end: "refused", cause: expect.stringMatching(/^errorsMax/) });

    const left = await smtpRig();
    await left.client.open();
    left.client.close();
    expect(await recordOf(left.gateway)).toMatchObject({ end: "left", verdicts: [{ messages: 1 }] });

    const greeting = { rules: [{ name: "liars", when: { helo: { is: "liar.test" } }, action: "drop" }] };
    const dropped = await smtpRig({ rulesets: { greeting } });
    await dropped.client.command("EHLO liar.test");
    expect(await recordOf(dropped.gateway)).toMatchObject({ end: "refused", cause: "refused at its greeting" });
  });

  test("is left by every session that said something, by those where something went wrong, or by none", async () => {
    for (const [sessionRecords, command, records] of [
      ["all", "NOOP", 1],
      ["all", null, 0],
      ["faults", "NOOP", 0],
      ["faults", "MAIL FROM:<a@sender.test>", 1],
      ["none", "MAIL FROM:<a@sender.test>", 0],
    ] as const) {
      const sender = { rules: [{ name: "nobody", action: "deny" }] };
      const { client, gateway } = await smtpRig({ settings: { sessionRecords }, rulesets: { sender } });
      if (command !== null) {
        await client.command("EHLO a.test");
        await client.command(command);
      }
      client.close();
      await waitUntil("the session is over", () => gateway.openSessions === 0);
      expect([sessionRecords, command, gateway.connections.length]).toEqual([sessionRecords, command, records]);
    }
  });
});

describe("a session that a person ends", () => {
  test("hears 421 while it waits, and a message that was being sent is not delivered", async () => {
    const { client, gateway, upstream } = await smtpRig();
    await client.open();
    client.send("Subject: half\r\n");
    await waitUntil("the message began", () => upstream.lines.includes("DATA"));
    const [session] = gateway.sessions;
    expect(session?.live()).toMatchObject({
      protocol: "smtp",
      state: "body",
      lastCommand: "DATA",
      helo: "client.test",
    });
    session?.kill();
    expect(await client.reply()).toMatch(/^421 4\.3\.2 /);
    expect(await client.reply()).toBe("closed");
    expect(await recordOf(gateway)).toMatchObject({ end: "killed" });
    expect(gateway.messages).toMatchObject([{ outcome: "aborted" }]);
    expect(upstream.mails).toEqual([]);
  });

  test("hears first what became of a message that its server has in whole: it must not be sent twice", async () => {
    const answers: (() => void)[] = [];
    const { client, gateway } = await smtpRig(
      {},
      {
        answerBody: (_, socket) => {
          answers.push(() => socket.write("250 2.0.0 taken\r\n"));
          return null;
        },
      },
    );
    await client.open();
    client.send(`${mail}.\r\n`);
    await waitUntil("the server has it", () => answers.length === 1);
    const [session] = gateway.sessions;
    session?.kill();
    answers[0]?.();
    expect(await client.reply()).toMatch(/^250 /);
    expect(await client.reply()).toMatch(/^421 /);
    expect(await recordOf(gateway)).toMatchObject({ end: "killed", verdicts: [{ verdict: "allow", messages: 1 }] });
  });

  test("does not wait for a greeting that is held back", async () => {
    const { client, gateway } = await smtpRig({ greets: false, settings: { greetingDelayMs: 60_000 } });
    await waitUntil("the session runs", () => gateway.sessions.size === 1);
    for (const session of gateway.sessions) session.kill();
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.reply()).toMatch(/^421 /);
  });
});
