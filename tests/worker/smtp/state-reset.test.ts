import { afterAll, afterEach, describe, expect, test } from "vitest";
import { serverTls } from "../../support/server-tls.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);

afterEach(closeRigs);
afterAll(() => authority.remove());

type Way = { end(client: SmtpClient): Promise<string>; said: RegExp };

async function say(client: SmtpClient, bytes: string): Promise<string> {
  client.send(bytes);
  return await client.reply();
}

/** Everything after which a transaction must be gone. */
const ways: Record<string, Way> = {
  "a message that was taken": { end: (client) => data(client, "Subject: ok\r\n\r\n.\r\n"), said: /^250/ },
  "a message that a rule refused": { end: (client) => data(client, "X-Bad: 1\r\n\r\n.\r\n"), said: /^550/ },
  "a message that a limit refused": { end: (client) => data(client, "a\nb\r\n.\r\n"), said: /^550/ },
  "a message that the upstream refused": { end: (client) => data(client, "Subject: no\r\n\r\n.\r\n"), said: /^554/ },
  "a BDAT that was refused": { end: (client) => say(client, "BDAT 3\r\na\nb"), said: /^550/ },
  "a BDAT that was the last": { end: (client) => say(client, "BDAT 3 LAST\r\na\r\n"), said: /^250/ },
  RSET: { end: (client) => client.command("RSET"), said: /^250/ },
  "RSET between two BDAT": {
    end: (client) => say(client, "BDAT 3\r\na\r\n").then(() => client.command("RSET")),
    said: /^250/,
  },
  EHLO: { end: (client) => client.command("EHLO c.test"), said: /^250/ },
  HELO: { end: (client) => client.command("HELO c.test"), said: /^250/ },
};

async function data(client: SmtpClient, body: string): Promise<string> {
  expect(await client.command("DATA")).toMatch(/^354/);
  return await say(client, body);
}

async function rig(): Promise<SmtpRig> {
  return await smtpRig(
    {
      rulesets: {
        recipient: { rules: [{ name: "not him", when: { recipient: { is: "no@i.test" } }, action: "deny" }] },
        header: { rules: [{ name: "bad", when: { headerName: { is: "X-Bad" } }, action: "deny" }] },
      },
      limits: { errorsSoftMax: 100, errorsMax: 100 },
    },
    { answerBody: (body) => (body.includes("Subject: no") ? "554 5.6.0 no" : undefined) },
  );
}

describe.each(Object.entries(ways))("after %s", (_what, { end, said }) => {
  test("RCPT, DATA and BDAT need a new MAIL, and the next message has neither sender nor recipients of the one before", async () => {
    const { client, gateway, upstream } = await rig();
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<first@s.test>");
    expect(await client.command("RCPT TO:<first@i.test>")).toMatch(/^250/);
    expect(await end(client)).toMatch(said);
    for (const bytes of ["RCPT TO:<x@i.test>\r\n", "DATA\r\n", "BDAT 6 LAST\r\nQUIT\r\n"]) {
      expect(await say(client, bytes)).toMatch(/^503/);
    }
    const mailsBefore = upstream.mails.length;
    await client.command("MAIL FROM:<second@s.test>");
    expect(await client.command("RCPT TO:<no@i.test>")).toMatch(/^550/);
    expect(await client.command("DATA")).toMatch(/^503/);
    expect(await client.command("RCPT TO:<second@i.test>")).toMatch(/^250/);
    expect(await data(client, "Subject: ok\r\n\r\n.\r\n")).toMatch(/^250/);
    expect(upstream.mails.slice(mailsBefore).map(({ lines }) => lines)).toEqual([
      ["MAIL FROM:<second@s.test>", "RCPT TO:<second@i.test>"],
    ]);
    expect(gateway.messages.at(-1)).toMatchObject({ sender: "second@s.test", outcome: "relayed" });
  });
});

test("after STARTTLS nothing of what was said before is known", async () => {
  const { client } = await smtpRig({ tls: serverTls("allowed", { mx }) });
  await client.command("EHLO c.test");
  await client.command("STARTTLS");
  await client.startTls();
  for (const bytes of ["MAIL FROM:<a@s.test>\r\n", "RCPT TO:<x@i.test>\r\n", "DATA\r\n", "BDAT 6 LAST\r\nQUIT\r\n"]) {
    expect(await say(client, bytes)).toMatch(/^503/);
  }
  expect(await client.mail("\r\n")).toMatch(/^250/);
});
