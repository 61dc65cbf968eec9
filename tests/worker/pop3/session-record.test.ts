import { describe, expect, test } from "vitest";
import type { ConnectionEvent } from "#core/contract/event.ts";
import type { Pop3Gateway } from "../../support/pop3-gateway.ts";
import { noExe, startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

const clean = "From: a@b.test\r\nSubject: clean\r\n\r\nhello\r\n";
const executable = [
  "From: a@b.test\r\nSubject: bad\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=x.exe\r\n",
  "Content-Disposition: attachment; filename=x.exe\r\n\r\nMZ\r\n",
].join("");

async function recordOf(gate: Pop3Gateway): Promise<ConnectionEvent> {
  await waitUntil("the session has its record", () => gate.connections.length === 1);
  const [record] = gate.connections;
  if (record === undefined) throw new Error("no record");
  return record;
}

const said = ({ trace }: ConnectionEvent) => trace.map(({ command, reply }) => `${command} → ${reply}`);

describe("the record of a POP3 session", () => {
  test("tells who it was, what was done with the mailbox, and what was said", async () => {
    const { client, gate, options } = await startPop3({ messages: [clean, executable, clean] }, { rulesets: noExe });
    await client.login();
    await client.ask("STAT");
    await client.answer("UIDL");
    await client.answer("TOP 1 0");
    for (const message of [1, 2]) await client.answer(`RETR ${message}`);
    await client.ask("DELE 2");
    await client.ask("STAT");
    await client.ask("QUIT");
    await client.whenClosed();
    const record = await recordOf(gate);
    expect(record).toMatchObject({
      protocol: "pop3",
      interface: "Trusted",
      policy: "Fetch",
      proxyAction: "Mail fetch",
      client: { address: "127.0.0.1" },
      user: "joe",
      authMechanism: "USER",
      tls: { client: null, upstream: null },
      upstream: `127.0.0.1:${options.targets[0]}`,
      end: "quit",
      cause: null,
      verdicts: [
        { verdict: "allow", messages: 1 },
        { verdict: "replace", messages: 1 },
      ],
      mailbox: {
        messages: 3,
        bytes: 2 * clean.length + executable.length,
        retrieved: 2,
        retrievedBytes: clean.length,
        looked: 1,
        replaced: 1,
        changed: 0,
        deleted: 1,
        kept: 0,
        committed: true,
      },
      untraced: 0,
    });
    expect(said(record)).toEqual([
      expect.stringContaining(" → +OK POP3 server ready"),
      "USER joe → +OK",
      "PASS … → +OK logged in",
      `STAT → +OK 3 ${2 * clean.length + executable.length}`,
      "UIDL → +OK",
      "TOP 1 0 → +OK top",
      `RETR 1 → +OK ${clean.length} octets`,
      "RETR 2 → +OK",
      "DELE 2 → +OK marked",
      `STAT → +OK 2 ${2 * clean.length}`,
      "QUIT → +OK",
    ]);
    expect(record.bytesOut).toBe(client.socket.bytesRead);
    expect(record.messageIds).toEqual(gate.events.map(({ id }) => id));
    expect(gate.events.map((event) => (event.kind === "message" ? event.connection : null))).toEqual([
      record.id,
      record.id,
    ]);
  });

  test("holds no password, digest or token", async () => {
    const { client, gate } = await startPop3({ capabilities: ["USER", "SASL PLAIN LOGIN"] });
    await client.line();
    const token = Buffer.from("\0joe\0s3cret").toString("base64");
    await client.ask("USER joe");
    await client.ask("PASS s3cret");
    await client.ask(`APOP joe ${"5ec4e7".repeat(6).slice(0, 32)}`);
    await client.ask(`AUTH PLAIN ${token}`);
    await client.ask("s3cret");
    client.socket.destroy();
    const record = await recordOf(gate);
    expect(said(record).map((line) => line.split(" → ")[0])).toEqual([
      "",
      "USER joe",
      "PASS …",
      "APOP joe …",
      "AUTH PLAIN …",
      "(refused line)",
    ]);
    for (const secret of ["s3cret", "5ec4e7", token]) expect(JSON.stringify(record)).not.toContain(secret);
    expect(record).toMatchObject({ user: null, authMechanism: null, mailbox: null, end: "left" });
  });

  test("of an AUTH exchange has one entry, with the answer at its end", async () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const { client, gate } = await startPop3({
      capabilities: ["SASL LOGIN"],
      onCommand: (line, socket) => {
        if (line === "AUTH LOGIN") return socket.write(`+ ${base64("Username:")}\r\n`);
        if (line === base64("joe")) return socket.write(`+ ${base64("Password:")}\r\n`);
        return line === base64("s3cret") && socket.write("+OK welcome\r\n");
      },
    });
    await client.line();
    for (const line of ["AUTH LOGIN", base64("joe"), base64("s3cret"), "QUIT"]) await client.ask(line);
    await client.whenClosed();
    const record = await recordOf(gate);
    expect(said(record).slice(1)).toEqual(["AUTH LOGIN → +OK welcome", "QUIT → +OK"]);
    expect(record).toMatchObject({ user: "joe", authMechanism: "LOGIN", mailbox: { messages: null, retrieved: 0 } });
  });

  test("counts a TOP of all lines as the retrieval that it is", async () => {
    const { client, gate } = await startPop3({ messages: [clean] });
    await client.login();
    for (const lines of [0, 2_147_483_647]) await client.answer(`TOP 1 ${lines}`);
    client.socket.destroy();
    expect(await recordOf(gate)).toMatchObject({ mailbox: { looked: 1, retrieved: 1, retrievedBytes: clean.length } });
  });

  test("counts as deleted only what QUIT committed; RSET takes marks back, and a client that left deleted nothing", async () => {
    const { client, gate } = await startPop3({ messages: [clean, clean] });
    await client.login();
    for (const command of ["DELE 1", "RSET", "DELE 2"]) await client.ask(command);
    client.socket.destroy();
    expect(await recordOf(gate)).toMatchObject({ end: "left", mailbox: { deleted: 1, committed: false } });
  });

  test("tells what policy kept, and rings an alarm for deletions where that is asked for", async () => {
    const command = {
      rules: [{ name: "keep", when: { command: { is: "DELE" }, user: { is: "ann" } }, action: "deny" }],
    };
    const kept = await startPop3({ messages: [clean], user: "ann" }, { rulesets: { command } });
    await kept.client.line();
    for (const line of ["USER ann", "PASS secret", "DELE 1", "QUIT"]) await kept.client.ask(line);
    await kept.client.whenClosed();
    const record = await recordOf(kept.gate);
    expect(record).toMatchObject({ mailbox: { deleted: 0, kept: 1, committed: true } });
    expect(record).not.toHaveProperty("alarm");

    const warned = await startPop3({ messages: [clean] }, { settings: { deletion: { warn: true } } });
    await warned.client.login();
    for (const line of ["DELE 1", "QUIT"]) await warned.client.ask(line);
    await warned.client.whenClosed();
    expect(await recordOf(warned.gate)).toMatchObject({ alarm: "1 message was deleted" });
  });

  test("of a server that was lost, a client that was idle and one that erred says so", async () => {
    const lost = await startPop3({ onCommand: (line, socket) => line === "STAT" && socket.destroy() !== null });
    await lost.client.login();
    lost.client.say("STAT\r\n");
    await lost.client.whenClosed();
    expect(await recordOf(lost.gate)).toMatchObject({ end: "lost", cause: expect.any(String) });
    expect(said(await recordOf(lost.gate)).at(-1)).toMatch(/^STAT → -ERR \[SYS\/TEMP\] /);

    const idle = await startPop3({}, { limits: { idleTimeoutMs: 1000 } });
    await idle.client.login();
    await idle.client.whenClosed();
    expect(await recordOf(idle.gate)).toMatchObject({ end: "idle" });

    const errs = await startPop3({}, { limits: { errorsMax: 1 } });
    errs.client.say("X\r\nY\r\n");
    await errs.client.whenClosed();
    expect(await recordOf(errs.gate)).toMatchObject({ end: "refused", cause: "errorsMax (1) was passed" });
  });

  test("is left by every session, by those where something went wrong, or by none, as the setting says", async () => {
    for (const [sessionRecords, password, records] of [
      ["all", "secret", 1],
      ["faults", "secret", 0],
      ["faults", "wrong", 1],
      ["none", "wrong", 0],
    ] as const) {
      const { client, gate } = await startPop3({}, { settings: { sessionRecords } });
      await client.line();
      for (const line of ["USER joe", `PASS ${password}`, "QUIT"]) await client.ask(line);
      await client.whenClosed();
      await waitUntil("the session is over", () => gate.ended === 1);
      expect(gate.connections).toHaveLength(records);
    }
  });

  test("is not left by who only looked whether somebody listens", async () => {
    const { client, gate } = await startPop3();
    await client.line();
    client.socket.destroy();
    await waitUntil("the session is over", () => gate.ended === 1);
    expect(gate.connections).toEqual([]);
  });
});

describe("a session that a person ends", () => {
  test("hears -ERR [SYS/TEMP] while it waits, and its server deletes nothing", async () => {
    const { client, gate, upstream } = await startPop3({ messages: [clean] });
    await client.login();
    await client.ask("DELE 1");
    const [session] = gate.sessions;
    expect(session?.live()).toMatchObject({
      protocol: "pop3",
      user: "joe",
      state: "transaction",
      lastCommand: "DELE 1",
      messages: 0,
    });
    session?.kill();
    expect(await client.whenClosed()).toBe("-ERR [SYS/TEMP] Session ended by the administrator\r\n");
    expect(await recordOf(gate)).toMatchObject({ end: "killed", mailbox: { committed: false } });
    expect(upstream.deleted).toEqual([]);
  });

  test("sees an answer that is under way break off, never one that looks whole", async () => {
    const { client, gate } = await startPop3({
      onCommand: (line, socket) => line === "RETR 1" && socket.write("+OK\r\nSubject: x\r\n\r\nhalf a message\r\n"),
    });
    await client.login();
    client.say("RETR 1\r\n");
    await waitUntil("a part came", () => client.heard.includes("half"));
    gate.sessions[0]?.kill();
    expect(await client.whenClosed()).not.toMatch(/(?:\r\n\.\r\n|-ERR)/);
    expect(await recordOf(gate)).toMatchObject({ end: "killed" });
  });
});
