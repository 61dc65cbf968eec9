import { afterEach, describe, expect, test } from "vitest";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

describe("greetingDelayMs", () => {
  test("holds the greeting back, and the session goes on as ever", async () => {
    const since = performance.now();
    const { client } = await smtpRig({ settings: { greetingDelayMs: 150 } });
    expect(performance.now() - since).toBeGreaterThan(140);
    expect(await client.mail("\r\n")).toMatch(/^250/);
  });
  test("refuses who talks before it with 554 5.5.0, in the event and by autoBan", async () => {
    const autoBan = { on: ["early-talk"], minutes: 5 };
    const { client, gateway } = await smtpRig({ settings: { greetingDelayMs: 60_000, autoBan }, greets: false });
    client.send("EHLO c.test\r\n");
    expect(await client.reply()).toMatch(/^554 5\.5\.0/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ cause: expect.stringMatching(/^greetingDelayMs: .*5 minutes$/) }]);
    expect(gateway.bans).toMatchObject([{ minutes: 5, by: "limit" }]);
  });
  test("costs a client that leaves meanwhile nothing but its session", async () => {
    const { client, gateway } = await smtpRig({ settings: { greetingDelayMs: 60_000 }, greets: false });
    client.close();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
    expect(gateway.events).toEqual([]);
  });
  test("a draining worker says so instead", async () => {
    const { client, gateway } = await smtpRig({ settings: { greetingDelayMs: 200 }, greets: false });
    await waitUntil("the session runs", () => gateway.sessions.size === 1);
    for (const session of gateway.sessions) session.drain();
    expect(await client.reply()).toMatch(/^220/);
    expect(await client.reply()).toMatch(/^421 4\.3\.2/);
  });
});

test("the banner follows the host name", async () => {
  const { connect } = await smtpRig({ settings: { banner: "ESMTP mail only for our users" } });
  const client = await connect();
  client.close();
  const other = await smtpRig({ settings: { banner: "ESMTP mail only for our users" }, greets: false });
  expect(await other.client.reply()).toBe("220 gate.test ESMTP mail only for our users");
});

describe("errorsSoftMax", () => {
  test("from so many errors on each answer waits errorDelayMs; commands behind it wait in order, other clients do not", async () => {
    const { client, connect } = await smtpRig({ limits: { errorsSoftMax: 2, errorDelayMs: 200 } });
    const other = await connect();
    for (let n = 0; n < 2; n++) await client.command("XYZZY");
    const since = performance.now();
    client.send("NOOP\r\nVRFY x\r\nXYZZY\r\n");
    expect(await other.command("NOOP")).toMatch(/^250/);
    expect(performance.now() - since).toBeLessThan(190);
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^252/);
    expect(await client.reply()).toMatch(/^500/);
    expect(performance.now() - since).toBeGreaterThan(580);
  });
  test("delays no 354 and loses no message", async () => {
    const { client, upstream } = await smtpRig({ limits: { errorsSoftMax: 1, errorDelayMs: 50 } });
    await client.command("XYZZY");
    await client.open();
    client.send("Subject: s\r\n\r\ntext\r\n.\r\nQUIT\r\n");
    expect(await client.reply()).toMatch(/^250/);
    expect(await client.reply()).toMatch(/^221/);
    expect(upstream.mails).toHaveLength(1);
  });
  test("a client that leaves while its answer is held back leaves nothing behind", async () => {
    const { client, gateway } = await smtpRig({ limits: { errorsSoftMax: 1, errorDelayMs: 60_000 } });
    await client.command("XYZZY");
    client.send("NOOP\r\n");
    client.close();
    await waitUntil("the session ends", () => gateway.openSessions === 0);
  });
});

describe("junkCommandsMax", () => {
  test("commands without a message end the session with 421, and autoBan refuses the source", async () => {
    const settings = { autoBan: { on: ["junk"] } };
    const { client, gateway } = await smtpRig({ limits: { junkCommandsMax: 3 }, settings });
    for (const line of ["EHLO c.test", "NOOP", "RSET"]) expect(await client.command(line)).toMatch(/^250/);
    expect(await client.command("VRFY x")).toMatch(/^421 4\.7\.0/);
    expect(await client.reply()).toBe("closed");
    expect(gateway.sessionEvents).toMatchObject([{ cause: expect.stringMatching(/^junkCommandsMax: 4 commands/) }]);
    expect(gateway.bans).toHaveLength(1);
  });
  test("count from the last message on", async () => {
    const { client } = await smtpRig({ limits: { junkCommandsMax: 3 } });
    for (let n = 0; n < 3; n++) {
      expect(await client.mail("\r\n", { hello: n === 0 })).toMatch(/^250/);
      for (const line of ["NOOP", "RSET"]) expect(await client.command(line)).toMatch(/^250/);
    }
  });
});

describe("messagesMax", () => {
  test("is told as MAILMAX, and one more MAIL hears 421", async () => {
    const { client, gateway } = await smtpRig({ limits: { messagesMax: 2, recipientsMax: 50 } });
    expect(await client.command("EHLO c.test")).toMatch(/250 LIMITS MAILMAX=2 RCPTMAX=50$/);
    for (let n = 0; n < 2; n++) expect(await client.mail("\r\n", { hello: false })).toMatch(/^250/);
    expect(await client.command("MAIL FROM:<a@s.test>")).toMatch(/^421 4\.7\.0/);
    expect(gateway.sessionEvents).toMatchObject([{ cause: "messagesMax: 2 messages in one session" }]);
  });
});

describe("transactionTimeoutMs", () => {
  test("ends a message that takes too long as a whole, however busy the client is", async () => {
    const { client, gateway, upstream } = await smtpRig({ limits: { transactionTimeoutMs: 1000 } });
    await client.open();
    const drip = setInterval(() => client.send("a line of a message\r\n".repeat(60)), 50);
    try {
      expect(await client.reply()).toMatch(/^421 4\.4\.2/);
    } finally {
      clearInterval(drip);
    }
    await waitUntil("the event", () => gateway.sessionEvents.length === 1);
    expect(gateway.messages).toMatchObject([{ outcome: "aborted", cause: "transactionTimeoutMs" }]);
    expect(upstream.mails).toHaveLength(0);
  });
  test("counts for one message, not for the session", async () => {
    const { client } = await smtpRig({ limits: { transactionTimeoutMs: 1000 } });
    const since = performance.now();
    for (let n = 0; performance.now() - since < 1500; n++) {
      expect(await client.mail("\r\n", { hello: n === 0 })).toMatch(/^250/);
    }
    expect(await client.command("NOOP")).toMatch(/^250/);
  });
});

test("hopsMax is the number of Received lines that still pass", async () => {
  const { client } = await smtpRig({ limits: { hopsMax: 10 } });
  expect(await client.mail(`${"Received: x\r\n".repeat(10)}\r\n`)).toMatch(/^250/);
  expect(await client.mail(`${"Received: x\r\n".repeat(11)}\r\n`, { hello: false })).toMatch(/^554 5\.4\.6/);
});
