import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Dialogue } from "#demo/dialogue.ts";
import { fetchMessages } from "#demo/fetch-messages.ts";
import { type DemoMailServer, demoPassword, startDemoMailServer } from "#demo/mail-server.ts";
import { sampleMessage, sampleNames } from "#demo/samples.ts";
import { sendMessage } from "#demo/send-message.ts";

let server: DemoMailServer;
beforeEach(async () => {
  server = await startDemoMailServer({ smtpPort: 0, pop3Port: 0 });
});
afterEach(() => server.stop());

const from = "sender@example.com";
const to = "Alice@example.test";
const host = "127.0.0.1";

function plain(user: string, password: string, actFor = ""): string {
  return Buffer.from(`${actFor}\0${user}\0${password}`).toString("base64");
}

async function deliver(message: Uint8Array): Promise<void> {
  const outcome = await sendMessage({ host, port: server.smtpPort, from, to, message });
  expect(outcome).toMatchObject({ accepted: true, stage: "message" });
}

async function pop3(lines: string[]): Promise<string[]> {
  const dialogue = await Dialogue.open(host, server.pop3Port);
  await dialogue.line();
  const answers: string[] = [];
  for (const line of ["USER alice", `PASS ${demoPassword}`, ...lines]) {
    await dialogue.send(`${line}\r\n`);
    answers.push(await dialogue.line());
  }
  dialogue.close();
  return answers.slice(2);
}

describe("the demo mail server", () => {
  test.each(sampleNames)("keeps the %s sample byte for byte", async (name) => {
    const message = sampleMessage(name, from, to);
    await deliver(message);
    expect(Buffer.from(server.mailboxes.messages("alice")[0]?.bytes ?? []).equals(message)).toBe(true);
  });

  test("keeps lines that begin with dots", async () => {
    const message = Buffer.from("Subject: dots\r\n\r\n.\r\n..\r\n.a\r\nend\r\n");
    await deliver(message);
    expect(Buffer.from(server.mailboxes.messages("alice")[0]?.bytes ?? []).toString()).toBe(message.toString());
    const [lines] = await fetchMessages({
      host,
      port: server.pop3Port,
      user: "alice",
      password: demoPassword,
      deleteAfter: false,
    });
    expect(lines).toEqual(["Subject: dots", "", ".", "..", ".a", "end"]);
  });

  test("a deleted message goes at QUIT, and stays when the connection breaks before", async () => {
    await deliver(Buffer.from("Subject: one\r\n\r\nx\r\n"));
    expect(await pop3(["DELE 1"])).toEqual(["+OK"]);
    await expect.poll(() => pop3(["STAT"])).toEqual(["+OK 1 19"]);
    await expect.poll(() => pop3(["DELE 1", "QUIT"])).toEqual(["+OK", "+OK Bye"]);
    expect(server.mailboxes.messages("alice")).toEqual([]);
  });

  test("a unique id stays with its message while others go", async () => {
    await deliver(Buffer.from("Subject: one\r\n\r\nx\r\n"));
    await deliver(Buffer.from("Subject: two\r\n\r\nx\r\n"));
    const [before] = await pop3(["UIDL 2"]);
    await expect.poll(() => pop3(["DELE 1", "QUIT"])).toEqual(["+OK", "+OK Bye"]);
    await expect.poll(() => pop3(["UIDL 1"])).toEqual([before?.replace("+OK 2", "+OK 1")]);
  });

  test.each<[string, string[], string]>([
    ["AUTH PLAIN in one line", [`AUTH PLAIN ${plain("alice", demoPassword)}`], "+OK 0 messages"],
    ["AUTH PLAIN in two", ["AUTH plain", plain("alice", demoPassword)], "+OK 0 messages"],
    [
      "AUTH PLAIN with a wrong password",
      [`AUTH PLAIN ${plain("alice", "wrong")}`],
      "-ERR [AUTH] Wrong name or password",
    ],
    [
      "AUTH PLAIN that acts for another",
      [`AUTH PLAIN ${plain("alice", demoPassword, "bob")}`],
      "-ERR [AUTH] Wrong name or password",
    ],
    ["AUTH PLAIN with what is not base64", ["AUTH PLAIN ="], "-ERR [AUTH] Wrong name or password"],
    ["AUTH PLAIN that is given up", ["AUTH PLAIN", "*"], "-ERR Login given up"],
    ["a mechanism that it does not have", ["AUTH SCRAM-SHA-1"], "-ERR Log in first"],
  ])("answers a login by %s", async (_, lines, last) => {
    const dialogue = await Dialogue.open(host, server.pop3Port);
    await dialogue.line();
    let answer = "";
    for (const line of lines) {
      await dialogue.send(`${line}\r\n`);
      answer = await dialogue.line();
    }
    dialogue.close();
    expect(answer).toBe(last);
  });

  test("says in CAPA what it speaks", async () => {
    const dialogue = await Dialogue.open(host, server.pop3Port);
    await dialogue.line();
    await dialogue.send("CAPA\r\n");
    const lines: string[] = [];
    while (lines.at(-1) !== ".") lines.push(await dialogue.line());
    dialogue.close();
    expect(lines).toEqual(expect.arrayContaining(["TOP", "USER", "UIDL", "SASL PLAIN", "PIPELINING", "RESP-CODES"]));
  });

  test("TOP gives the header and so many lines", async () => {
    await deliver(Buffer.from("Subject: one\r\n\r\na\r\nb\r\nc\r\n"));
    const dialogue = await Dialogue.open(host, server.pop3Port);
    const commands = ["USER alice", `PASS ${demoPassword}`, "TOP 1 2"];
    for (const command of commands) await dialogue.send(`${command}\r\n`);
    const lines: string[] = [];
    while (lines.at(-1) !== ".") lines.push(await dialogue.line());
    dialogue.close();
    expect(lines.slice(4)).toEqual(["Subject: one", "", "a", "b", "."]);
  });

  test("a wrong password is refused", async () => {
    const wrong = { host, port: server.pop3Port, user: "alice", password: "no", deleteAfter: false };
    await expect(fetchMessages(wrong)).rejects.toThrow("-ERR [AUTH]");
  });

  test("stopped and started on the same mailboxes it has lost nothing", async () => {
    await deliver(Buffer.from("Subject: one\r\n\r\nx\r\n"));
    const { smtpPort, pop3Port, mailboxes } = server;
    await server.stop();
    server = await startDemoMailServer({ smtpPort, pop3Port, mailboxes });
    expect(await pop3(["STAT"])).toEqual(["+OK 1 19"]);
  });
});
