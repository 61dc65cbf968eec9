import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DovecotServer, dovecotPrograms } from "../support/dovecot-server.ts";
import { freePort } from "../support/free-port.ts";
import { cleanMail, mailWithAttachment } from "../support/mail-samples.ts";
import { mailboxPassword } from "../support/mailboxes.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { requires } from "../support/requires.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { type Account, curlPop3, poplibSession } from "./clients/pop3-clients.ts";

const server = requires(dovecotPrograms, { root: true });
const python = requires(["python3"]);
const curl = requires(["curl"]);

describe.skipIf(!server.met)("POP3 with real clients in front of a real Dovecot", () => {
  let dovecot: DovecotServer;
  let worker: WorkerProcess;
  let receiver: ReportReceiver;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    dovecot = await DovecotServer.start();
    receiver = await ReportReceiver.start();
    const ports = { 2110: port, 2601: dovecot.port, 2525: await freePort(), 2600: await freePort() };
    worker = await WorkerProcess.start({ policy: policyFixture("client-fleet.yaml", ports), consoleUrl: receiver.url });
  }, 60_000);

  afterAll(async () => {
    await worker?.remove();
    await receiver?.close();
    await dovecot?.stop();
  }, 60_000);

  /** A mailbox of a clean message, an executable and an archive. */
  function mailbox() {
    const mails = {
      clean: cleanMail(),
      executable: mailWithAttachment("setup.exe"),
      archive: mailWithAttachment("a.zip"),
    };
    const user = dovecot.mailboxes.add([mails.clean.text, mails.executable.text, mails.archive.text]);
    const account: Account = { port, user, password: mailboxPassword };
    return { user, mails, account, direct: { ...account, port: dovecot.port } };
  }

  const asWire = (text: string) => Buffer.from(text).toString("latin1");

  describe.skipIf(!python.met)("Python's poplib", () => {
    test("sees the same STAT, LIST and UIDL as without Postern, and a CAPA that names no SASL", async () => {
      const { account, direct } = mailbox();
      const steps = [["stat"], ["list"], ["uidl"], ["noop"]];
      const [capabilities, ...answers] = await poplibSession(account, steps);
      const [, ...directAnswers] = await poplibSession(direct, steps);
      expect(answers.slice(0, 3)).toEqual(directAnswers.slice(0, 3));
      expect(capabilities).toContain("UIDL");
      expect(capabilities).not.toContain("SASL");
    });

    test("receives a clean message byte for byte, by RETR and by TOP", async () => {
      const { account, direct, mails } = mailbox();
      const [, retrieved, top] = await poplibSession(account, [
        ["retr", 1],
        ["top", 1, 2],
      ]);
      const [, , directTop] = await poplibSession(direct, [
        ["retr", 1],
        ["top", 1, 2],
      ]);
      expect(retrieved).toBe(asWire(mails.clean.text));
      expect(top).toBe(directTop);
    });

    test("receives a notice in place of an executable under the same number and UIDL", async () => {
      const { account, direct, mails } = mailbox();
      const [, notice, top, uidl] = await poplibSession(account, [["retr", 2], ["top", 2, 1], ["uidl"]]);
      const [, directUidl] = await poplibSession(direct, [["uidl"]]);
      expect(notice).toContain(mails.executable.id);
      expect(notice).not.toContain('setup.exe"');
      expect(notice).not.toContain("TVqQ");
      expect(String(notice).startsWith(String(top).split("\r\n\r\n")[0] ?? "?")).toBe(true);
      expect(uidl).toEqual(directUidl);
      const event = await waitUntil("the event", () =>
        receiver.events.find((each) => each.kind === "message" && each.messageIdHeader === mails.executable.id),
      );
      expect(event).toMatchObject({ protocol: "pop3", outcome: "replaced", decision: { ruleName: "executables" } });
    });

    test("receives what only an observing rule would replace, and it is recorded", async () => {
      const { account, mails } = mailbox();
      const [, retrieved] = await poplibSession(account, [["retr", 3]]);
      expect(retrieved).toBe(asWire(mails.archive.text));
      const event = await waitUntil("the event", () =>
        receiver.events.find((each) => each.kind === "message" && each.messageIdHeader === mails.archive.id),
      );
      const observed = [{ ruleName: "watched archives", verdict: "replace" }];
      expect(event).toMatchObject({ outcome: "retrieved", decision: { verdict: "allow", observed } });
    });

    test("deletes with DELE and QUIT, and not with RSET or a dropped connection", async () => {
      const { user, account } = mailbox();
      await poplibSession(account, [["dele", 1], ["drop"]]);
      await poplibSession(account, [["dele", 1], ["rset"], ["quit"]]);
      expect((await poplibSession(account, [["stat"]]))[1]).toMatchObject([3, expect.any(Number)]);
      await poplibSession(account, [["dele", 1], ["dele", 2], ["quit"]]);
      await waitUntil("two messages to go", () => dovecot.mailboxes.count(user) === 1);
    });

    test("logs in with APOP through Dovecot's timestamp", async () => {
      const { account, mails } = mailbox();
      const [, retrieved] = await poplibSession({ ...account, login: "apop" }, [["retr", 1]]);
      expect(retrieved).toBe(asWire(mails.clean.text));
    });

    test("hears -ERR for a wrong password, and it is recorded", async () => {
      const { account } = mailbox();
      const [answer] = await poplibSession({ ...account, password: "wrong" }, []);
      expect(answer).toEqual({ error: expect.stringContaining("-ERR") });
      const event = await waitUntil("the event", () =>
        receiver.events.find((each) => each.kind === "session" && each.user === account.user),
      );
      expect(event).toMatchObject({ protocol: "pop3" });
    });

    test("hears -ERR for a message number that does not exist", async () => {
      const { account } = mailbox();
      const [, answer, after] = await poplibSession(account, [["retr", 9], ["stat"]]);
      expect(answer).toEqual({ error: expect.stringContaining("-ERR") });
      expect(after).toMatchObject([3, expect.any(Number)]);
    });
  });

  describe.skipIf(!curl.met)("curl", () => {
    test("lists the mailbox as without Postern", async () => {
      const { account, direct } = mailbox();
      expect((await curlPop3(account, "")).toString()).toBe((await curlPop3(direct, "")).toString());
    });

    test("receives a clean message byte for byte and a notice for an executable", async () => {
      const { account, mails } = mailbox();
      expect((await curlPop3(account, "1")).toString()).toBe(mails.clean.text);
      const notice = (await curlPop3(account, "2")).toString();
      expect(notice).toContain(mails.executable.id);
      expect(notice).not.toContain("TVqQ");
    });

    test("sees the same UIDL and TOP as without Postern", async () => {
      const { account, direct } = mailbox();
      for (const [path, command] of [
        ["", "UIDL"],
        ["", "TOP 1 0"],
      ] as const) {
        expect((await curlPop3(account, path, command)).toString()).toBe(
          (await curlPop3(direct, path, command)).toString(),
        );
      }
    });
  });

  test("every report was a valid one and the worker logged no error", () => {
    expect(receiver.faults).toEqual([]);
    expect(worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });
});
