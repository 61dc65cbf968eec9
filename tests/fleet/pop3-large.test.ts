import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { cleanMail, mailOfBytes } from "../support/mail-samples.ts";
import { type MailboxServer, mailboxPassword } from "../support/mailboxes.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { requires } from "../support/requires.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { type MailboxClient, mailboxClients } from "./clients/mailbox-clients.ts";
import { mailboxServers } from "./mailbox-gateway.ts";

const messagesMany = 5_000;
const bytesLarge = 100_000_000;
/** Of the worker, garbage of 5,000 messages that V8 was in no hurry to collect included; with the large ones alone it is half of that. */
const memoryBytesMax = 500_000_000;
const withinMs = 300_000;

const named = (...names: readonly string[]): MailboxClient[] =>
  mailboxClients.filter(({ name }) => names.includes(name));
const namesOf = (clients: readonly MailboxClient[]) => clients.map((client) => ({ client, name: client.name }));
const digest = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

describe.each(mailboxServers)("a large mailbox of $name", (kind) => {
  describe.skipIf(!kind.requirement.met)("through Postern", () => {
    let server: MailboxServer;
    let worker: WorkerProcess;
    let port: number;
    beforeAll(async () => {
      port = await freePort();
      server = await kind.start();
      const ports = { 2110: port, 2601: server.port, 2525: await freePort(), 2600: await freePort() };
      worker = await WorkerProcess.start({ policy: policyFixture("client-fleet.yaml", ports) });
    }, 60_000);
    afterAll(async () => {
      await worker?.remove();
      await server?.stop();
    }, 60_000);

    const visit = (user: string, memory: string) => ({
      ...{ port, user, memory, password: mailboxPassword },
      ...{ security: "clear" as const, authorityFile: "", login: "user" as const, keep: false },
    });

    // mpop and fetchmail start a program for each message: against one server is enough.
    test.each(namesOf(kind.name === "Dovecot" ? named("mpop", "poplib", "fetchmail") : named("poplib")))(
      `of ${messagesMany} messages is emptied by $name`,
      async ({ client }) => {
        expect(requires(client.programs).met).toBe(true);
        const texts = Array.from({ length: messagesMany }, () => cleanMail().text);
        const user = server.mailboxes.add(texts);
        const { messages } = await client.fetch(visit(user, temporaryFolder()));
        expect(messages.length).toBe(messagesMany);
        expect(messages.map(digest)).toEqual(texts.map(digest));
        await waitUntil("the mailbox to be empty", () => server.mailboxes.count(user) === 0);
      },
      withinMs,
    );

    test.each(namesOf(named("mpop", "poplib", "curl", "fetchmail")))(
      `with a message of 100 MB is emptied by $name`,
      async ({ client }) => {
        const { text } = mailOfBytes(bytesLarge);
        const user = server.mailboxes.add([text]);
        const { messages } = await client.fetch(visit(user, temporaryFolder()));
        expect(messages.map(digest)).toEqual([digest(text)]);
        await waitUntil("the mailbox to be empty", () => server.mailboxes.count(user) === 0);
      },
      withinMs,
    );

    test("never made the worker hold more than its memory", () => {
      const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${worker.pid}/status`, "utf8")) ?? [];
      expect(Number(peak) * 1024).toBeLessThan(memoryBytesMax);
    });
  });
});
