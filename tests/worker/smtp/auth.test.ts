import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Answering, FakeSmtpOptions } from "../../support/fake-smtp-server.ts";
import { serverTls } from "../../support/server-tls.ts";
import { closeRigs, type SmtpRig, smtpRig } from "../../support/smtp-rig.ts";
import { TestAuthority } from "../../support/test-authority.ts";
import { waitUntil } from "../../support/wait-until.ts";

const authority = new TestAuthority();
const mx = authority.issue(["DNS:mx.test"]);
const secret = "s3cretsecret";

afterEach(closeRigs);
afterAll(() => authority.remove());

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const plain = base64(`\0ann@i.test\0${secret}`);
const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"];
const auth = { mechanisms, beforeTls: "offered" };

/** Takes PLAIN and LOGIN of ann with the right password. */
function server(): FakeSmtpOptions {
  let lines: string[] | null = null;
  const answer: Answering = (line) => {
    if (line.startsWith("EHLO")) lines = null;
    if (lines === null) {
      if (line === `AUTH PLAIN ${plain}`) return "235 2.7.0 welcome to mx17.internal";
      if (/^AUTH PLAIN \S/.test(line)) return "535 5.7.8 mx17.internal does not know you";
      if (/^AUTH (?:PLAIN|LOGIN)$/.test(line)) lines = [];
      if (line === "AUTH PLAIN") return "334 ";
      return line === "AUTH LOGIN" ? `334 ${base64("Username:")}` : undefined;
    }
    lines.push(line);
    const [first, second] = lines;
    if (first === base64("ann@i.test") && second === undefined) return `334 ${base64("Password:")}`;
    lines = null;
    return first === plain || second === base64(secret) ? "235 ok" : "535 no";
  };
  return { keywords: ["PIPELINING", "8BITMIME", "AUTH PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "DSN"], answer };
}

async function rig(options: Parameters<typeof smtpRig>[0] = {}, upstream = server()): Promise<SmtpRig> {
  const made = await smtpRig({ ...options, settings: { auth, ...options.settings } }, upstream);
  await made.client.command("EHLO c.test");
  return made;
}

/** What the upstream heard on the connection that knows the login. */
function authenticatedLines({ upstream }: SmtpRig): string[] {
  const index = upstream.received.findIndex((text) => text.includes("AUTH"));
  return (upstream.received[index] ?? "").split("\r\n");
}

describe("AUTH", () => {
  test("offers the mechanisms that the upstream and policy both have, in the clear only where policy says so", async () => {
    const { client } = await rig();
    expect(await client.command("EHLO c.test")).toMatch(/\|250-AUTH PLAIN LOGIN\|/);
    const hidden = await rig({ settings: { auth: { mechanisms } }, tls: serverTls("allowed", { mx }) });
    expect(await hidden.client.command("EHLO c.test")).not.toContain("AUTH");
    expect(await hidden.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^504 5\.5\.4/);
    await hidden.client.command("STARTTLS");
    await hidden.client.startTls();
    expect(await hidden.client.command("EHLO c.test")).toMatch(/\|250-AUTH PLAIN LOGIN\|/);
    expect(await hidden.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^235/);
  });
  test.each([
    ["where the listener requires TLS", { tls: serverTls("required", { mx }) }],
    ["where the route spools", { delivery: "spool" as const }],
  ])("is never offered %s", async (_where, options) => {
    const { client } = await rig(options);
    expect(await client.command("EHLO c.test")).not.toContain("AUTH");
  });
  test("is 502 where policy names no mechanism, and after HELO 504", async () => {
    const { client } = await rig({ settings: { auth: {} } });
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^502 5\.5\.1/);
    const other = await rig();
    await other.client.command("HELO c.test");
    expect(await other.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^504 5\.5\.4/);
  });
  test("passes PLAIN on with its initial response; the messages that follow go the same way, and nobody else's", async () => {
    const made = await rig();
    const { client, gateway, upstream, connect } = made;
    expect(await client.command(`AUTH PLAIN ${plain}`)).toBe("235 2.7.0 Authentication successful");
    expect(await client.mail("Subject: one\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(await client.mail("Subject: two\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(authenticatedLines(made).filter((line) => /^(?:AUTH|MAIL)/.test(line))).toEqual([
      `AUTH PLAIN ${plain}`,
      "MAIL FROM:<a@sender.test>",
      "MAIL FROM:<a@sender.test>",
    ]);
    const other = await connect();
    expect(await other.mail("Subject: three\r\n\r\n")).toMatch(/^250/);
    expect(authenticatedLines(made).filter((line) => line.startsWith("MAIL"))).toHaveLength(2);
    client.close();
    await waitUntil("the login's connection is closed", () => upstream.openConnections === 1);
    expect(await other.mail("Subject: four\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(gateway.messages.map(({ auth: login }) => login)).toEqual([
      { mechanism: "PLAIN", user: "ann@i.test" },
      { mechanism: "PLAIN", user: "ann@i.test" },
      undefined,
      undefined,
    ]);
  });
  test("a message that follows RSET at once goes on the same login", async () => {
    const made = await rig();
    const { client } = made;
    await client.command(`AUTH PLAIN ${plain}`);
    for (let round = 0; round < 3; round++) {
      client.send("MAIL FROM:<a@i.test>\r\nRCPT TO:<b@inside.test>\r\nRSET\r\n");
      expect(
        [await client.reply(), await client.reply(), await client.reply()].map((said) => said.slice(0, 3)),
      ).toEqual(["250", "250", "250"]);
    }
    expect(await client.mail("Subject: x\r\n\r\n", { hello: false })).toMatch(/^250/);
    expect(authenticatedLines(made).filter((line) => line.startsWith("RCPT"))).toHaveLength(4);
  });
  test("passes challenges and answers on: LOGIN and PLAIN without an initial response", async () => {
    const { client, gateway } = await rig();
    expect(await client.command("AUTH LOGIN")).toBe(`334 ${base64("Username:")}`);
    expect(await client.command(base64("ann@i.test"))).toBe(`334 ${base64("Password:")}`);
    expect(await client.command(base64(secret))).toMatch(/^235/);
    expect(await client.command("AUTH LOGIN")).toMatch(/^503/);
    expect(await client.mail("\r\n", { hello: false })).toMatch(/^250/);
    expect(gateway.messages[0]?.auth).toEqual({ mechanism: "LOGIN", user: "ann@i.test" });
  });
  test("is refused inside a transaction, and before EHLO", async () => {
    const made = await smtpRig({ settings: { auth } }, server());
    expect(await made.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^503/);
    await made.client.command("EHLO c.test");
    await made.client.command("MAIL FROM:<a@s.test>");
    expect(await made.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^503/);
  });
  test("is cancelled by `*` and by what is no base64; nothing of it goes on, and the next one starts anew", async () => {
    const made = await rig();
    const { client } = made;
    await client.command("AUTH LOGIN");
    expect(await client.command("*")).toBe("501 5.7.0 Authentication cancelled");
    await client.command("AUTH LOGIN");
    expect(await client.command("RSET now")).toMatch(/^501 5\.5\.2/);
    expect(await client.command("AUTH PLAIN not-base64")).toMatch(/^501 5\.5\.2/);
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^235/);
    expect(made.upstream.received.join("")).not.toMatch(/RSET now|not-base64/);
  });
  test("takes lines up to 12,288 bytes in both directions", async () => {
    const long = base64("x".repeat(9_000));
    const answer: Answering = (line) => {
      if (line === "AUTH XOAUTH2") return `334 ${long}`;
      return line === long ? "235 ok" : undefined;
    };
    const { client } = await rig({}, { keywords: ["AUTH XOAUTH2"], answer });
    expect(await client.command("AUTH XOAUTH2")).toBe(`334 ${long}`);
    expect(await client.command(long)).toMatch(/^235/);
  });
  test("an answer that is too long is 500 5.5.6", async () => {
    const { client } = await rig();
    await client.command("AUTH LOGIN");
    expect(await client.command("A".repeat(12_288))).toBe("500 5.5.6 Authentication exchange line is too long");
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test.each([
    ["535 5.7.8 no user here at mx17", "535 5.7.8 Authentication credentials invalid"],
    ["500 5.5.1 what", "535 5.7.8 Authentication credentials invalid"],
    ["534 5.7.9 weak", "534 5.7.9 Authentication mechanism is too weak"],
    ["432 4.7.12 change it", "432 4.7.12 A password transition is needed"],
    ["421 4.3.2 mx17 leaves", "454 4.7.0 Temporary authentication failure"],
    ["454 4.7.0 database mx17 down", "454 4.7.0 Temporary authentication failure"],
    ["250 ok", "454 4.7.0 Temporary authentication failure"],
    ["334 no base64!", "454 4.7.0 Temporary authentication failure"],
    ["334-QUJD\r\n334 QUJD", "454 4.7.0 Temporary authentication failure"],
  ])("the upstream's %j becomes our %j", async (said, heard) => {
    const upstream = { ...server(), answer: (line: string) => (line.startsWith("AUTH") ? said : undefined) };
    const { client, gateway } = await rig({}, upstream);
    expect(await client.command(`AUTH PLAIN ${plain}`)).toBe(heard);
    expect(gateway.sessionEvents).toMatchObject([{ user: "ann@i.test", cause: expect.stringMatching(/^AUTH: /) }]);
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test("an upstream that goes away in the exchange is 454, and one that is down too", async () => {
    const made = await rig();
    await made.client.command("AUTH LOGIN");
    made.upstream.cut();
    expect(await made.client.command(base64("ann@i.test"))).toMatch(/^454 4\.7\.0/);
    await made.upstream.stop();
    expect(await made.client.command(`AUTH PLAIN ${plain}`)).toMatch(/^454 4\.7\.0/);
  });
  test("an upstream that was lost while the client thinks is 454 too, and the session goes on", async () => {
    const upstream = {
      ...server(),
      answer: (line: string) => (line === "AUTH LOGIN" ? "334 QUJD\r\n421 bye" : undefined),
    };
    const { client } = await rig({}, upstream);
    expect(await client.command("AUTH LOGIN")).toBe("334 QUJD");
    expect(await client.command(base64("ann@i.test"))).toMatch(/^454 4\.7\.0/);
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
  test("authFailuresMax failed logins end the session with 421, and autoBan refuses the source", async () => {
    const { client, gateway } = await rig({
      limits: { authFailuresMax: 2 },
      settings: { auth, autoBan: { on: ["auth-failures"], minutes: 30 } },
    });
    const wrong = base64("\0ann@i.test\0wrong");
    expect(await client.command(`AUTH PLAIN ${wrong}`)).toMatch(/^535/);
    expect(await client.command(`AUTH PLAIN ${wrong}`)).toMatch(/^535/);
    expect(await client.reply()).toMatch(/^421 4\.7\.0/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents.at(-1)?.cause).toMatch(
      /^authFailuresMax: 2 failed logins in one session; .*30 minutes$/,
    );
    expect(gateway.bans).toMatchObject([{ minutes: 30, by: "limit" }]);
  });
  test("exchanges that the client gives up, or the server cannot answer, count too, but ban nobody", async () => {
    const { client, gateway, upstream } = await rig({
      limits: { authFailuresMax: 2 },
      settings: { auth, autoBan: { on: ["auth-failures"], minutes: 30 } },
    });
    await client.command("AUTH LOGIN");
    expect(await client.command("*")).toMatch(/^501/);
    await upstream.stop();
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^454/);
    expect(await client.reply()).toMatch(/^421 4\.7\.0/);
    expect(gateway.bans).toEqual([]);
  });
  test("is told in the Received line", async () => {
    const { client, upstream } = await rig();
    await client.command(`AUTH PLAIN ${plain}`);
    await client.mail("\r\n", { hello: false });
    expect(upstream.mails[0]?.body).toMatch(/ with ESMTPA id /);
  });
  test("a rule can refuse a mechanism, and the upstream is not asked", async () => {
    const rulesets = {
      auth: { rules: [{ name: "no plain", when: { authMechanism: { is: "PLAIN" } }, action: "deny" }] },
    };
    const { client, gateway, upstream } = await rig({ rulesets });
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^550 5\.7\.1 Authentication refused by policy/);
    expect(await client.command("AUTH LOGIN")).toMatch(/^334/);
    expect(upstream.received.join("")).not.toContain("AUTH PLAIN");
    expect(gateway.sessionEvents).toMatchObject([{ decision: { stage: "auth", ruleName: "no plain" } }]);
  });
  test("later rules know who it is, and by which mechanism", async () => {
    const rulesets = {
      sender: {
        rules: [{ name: "ann", when: { authUser: { like: "ann*" }, authMechanism: { is: "PLAIN" } }, action: "allow" }],
        noneMatched: { action: "deny" },
      },
    };
    const { client } = await rig({ rulesets });
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^550/);
    await client.command(`AUTH PLAIN ${plain}`);
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^250/);
  });
  test("leaves the secret in no event and no log", async () => {
    const { client, gateway } = await rig();
    await client.command(`AUTH PLAIN ${base64(`\0ann@i.test\0${secret}x`)}`);
    await client.command("AUTH LOGIN");
    await client.command(base64("ann@i.test"));
    await client.command(base64(secret));
    await client.mail("\r\n", { hello: false });
    const told = JSON.stringify(gateway.events);
    expect(gateway.events.length).toBeGreaterThan(1);
    for (const form of [secret, base64(secret), plain]) expect(told).not.toContain(form);
  });
});

describe("auth.required", () => {
  const required = { auth: { ...auth, required: true } };

  test("refuses MAIL before a login with 530 5.7.0", async () => {
    const { client } = await rig({ settings: required });
    expect(await client.command("MAIL FROM:<a@s.test>")).toBe("530 5.7.0 Authentication required");
    await client.command(`AUTH PLAIN ${plain}`);
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^250/);
  });
  test("is a temporary failure where the server could not be asked, as nobody could log in", async () => {
    const made = await smtpRig({ settings: required }, server());
    await made.upstream.stop();
    expect(await made.client.command("EHLO c.test")).not.toContain("AUTH");
    expect(await made.client.command("MAIL FROM:<a@s.test>")).toMatch(/^451 4\.4\.1/);
  });
  test("asks again after STARTTLS", async () => {
    const { client } = await rig({ settings: required, tls: serverTls("allowed", { mx }) });
    await client.command(`AUTH PLAIN ${plain}`);
    await client.command("STARTTLS");
    await client.startTls();
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^530/);
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^235/);
  });
});

describe("the connection of a login", () => {
  test("that is lost between messages ends the session with 421 at MAIL", async () => {
    const { client, gateway, upstream } = await rig();
    await client.command(`AUTH PLAIN ${plain}`);
    upstream.cut();
    await waitUntil("it is closed", () => upstream.openConnections === 0);
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^421 4\.4\.2/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ user: "ann@i.test", cause: "the upstream of the login is gone" }]);
  });
  test("stays until the server has answered the final dot, though the client is gone: the event tells what came of the message", async () => {
    let answered: (() => void) | null = null;
    const answerBody: FakeSmtpOptions["answerBody"] = (_body, socket) => {
      answered = () => void socket.write("250 2.0.0 queued\r\n");
      return null;
    };
    const { client, gateway, upstream } = await rig({}, { ...server(), answerBody });
    await client.command(`AUTH PLAIN ${plain}`);
    await client.command("MAIL FROM:<a@s.test>");
    await client.command("RCPT TO:<b@i.test>");
    await client.command("DATA");
    client.send("Subject: s\r\n\r\ntext\r\n.\r\n");
    await waitUntil("the server has it all", () => answered !== null);
    expect(upstream.openConnections).toBe(2);
    client.socket.resetAndDestroy();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    (answered as (() => void) | null)?.();
    await waitUntil("the event is told", () => gateway.messages.length > 0);
    expect(gateway.messages).toMatchObject([{ outcome: "relayed", auth: { user: "ann@i.test" } }]);
    // The one that EHLO was asked on stays in the pool.
    await waitUntil("the connection of the login is closed", () => upstream.openConnections === 1);
  });
  test("that is lost inside a message costs that 451, is not replaced, and is not spooled", async () => {
    const { client, upstream } = await rig({ delivery: "inline-or-spool" });
    await client.command(`AUTH PLAIN ${plain}`);
    await client.command("MAIL FROM:<a@s.test>");
    const before = upstream.connections;
    upstream.cut();
    await waitUntil("it is closed", () => upstream.openConnections === 0);
    expect(await client.command("RCPT TO:<b@i.test>")).toMatch(/^451/);
    expect(upstream.connections).toBe(before);
    await client.command("RSET");
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^421/);
  });
});

describe("MAIL AUTH=", () => {
  test("goes on as it is after a login, and as <> before one", async () => {
    const { client, upstream } = await rig();
    await client.mail("\r\n", { hello: false, parameters: " AUTH=e+2Bmc2@c.test" });
    await client.command(`AUTH PLAIN ${plain}`);
    await client.mail("\r\n", { hello: false, parameters: " AUTH=e+2Bmc2@c.test" });
    expect(upstream.mails.map(({ lines }) => lines[0])).toEqual([
      "MAIL FROM:<a@sender.test> AUTH=<>",
      "MAIL FROM:<a@sender.test> AUTH=e+2Bmc2@c.test",
    ]);
  });
  test("is unknown where AUTH is not offered", async () => {
    const { client } = await smtpRig();
    await client.command("EHLO c.test");
    expect(await client.command("MAIL FROM:<a@s.test> AUTH=<>")).toMatch(/^555/);
  });
});
