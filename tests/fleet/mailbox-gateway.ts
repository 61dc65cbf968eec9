import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { MessageEvent } from "#core/contract/event.ts";
import { CourierServer } from "../support/courier-server.ts";
import { DovecotServer, dovecotPrograms } from "../support/dovecot-server.ts";
import { freePort } from "../support/free-port.ts";
import { type MailboxServer, type MailboxServerOptions, mailboxPassword } from "../support/mailboxes.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { ReportReceiver } from "../support/report-receiver.ts";
import { type Requirement, requires, requiresUnpacked } from "../support/requires.ts";
import { type ScannerServer, startClamd } from "../support/scanner-servers.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import type { Login, MailboxSecurity, MailboxVisit } from "./clients/mailbox-clients.ts";

/** The real POP3 servers of the fleet, and the logins that they check. */
export const mailboxServers: readonly {
  name: string;
  requirement: Requirement;
  logins: readonly Login[];
  start(options?: MailboxServerOptions): Promise<MailboxServer>;
}[] = [
  {
    name: "Dovecot",
    requirement: requires([...dovecotPrograms, "openssl"], { root: true }),
    logins: ["user", "apop", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"],
    start: (options) => DovecotServer.start(options),
  },
  {
    name: "Courier",
    requirement: requiresUnpacked("courierpop3d"),
    logins: ["user", "PLAIN", "LOGIN", "CRAM-MD5"],
    start: (options) => CourierServer.start(options),
  },
];

/** A worker with three policies in front of one server, as secure towards it as towards the client, and a clamd that it asks. */
export class MailboxGateway {
  readonly receiver: ReportReceiver;
  readonly worker: WorkerProcess;
  readonly server: MailboxServer;
  readonly #authority: TestAuthority;
  readonly #clamd: ScannerServer;
  readonly #ports: Record<MailboxSecurity, number>;
  readonly #memories = mkdtempSync(join(tmpdir(), "postern-mailbox-clients-"));

  private constructor(
    parts: { receiver: ReportReceiver; worker: WorkerProcess; server: MailboxServer },
    behind: { authority: TestAuthority; clamd: ScannerServer },
    ports: Record<MailboxSecurity, number>,
  ) {
    this.receiver = parts.receiver;
    this.worker = parts.worker;
    this.server = parts.server;
    this.#authority = behind.authority;
    this.#clamd = behind.clamd;
    this.#ports = ports;
  }

  static async start(kind: (typeof mailboxServers)[number]): Promise<MailboxGateway> {
    const authority = new TestAuthority();
    const issue = () => authority.issue(["DNS:localhost", "IP:127.0.0.1"]);
    const [server, clamd] = await Promise.all([kind.start({ certificate: issue() }), startClamd()]);
    const receiver = await ReportReceiver.start();
    const ports = { clear: await freePort(), stls: await freePort(), implicit: await freePort() };
    const { cert, key } = issue();
    const worker = await WorkerProcess.start({
      policy: policyFixture("mailboxes.yaml", {
        ...{ 2110: ports.clear, 2111: ports.stls, 2995: ports.implicit },
        ...{ 2601: server.port, 2602: server.tlsPort, 2603: clamd.port },
      }),
      consoleUrl: receiver.url,
      files: { "mailbox.pem": cert, "mailbox.key": key, "authority.pem": authority.cert },
      configuration: {
        certificates: [{ name: "mailbox", certFile: "mailbox.pem", keyFile: "mailbox.key" }],
        trustedAuthoritiesFile: "authority.pem",
      },
    });
    return new MailboxGateway({ receiver, worker, server }, { authority, clamd }, ports);
  }

  /** A visit of a client that has none behind it. */
  visit(user: string, security: MailboxSecurity, options: { keep: boolean; login?: Login }): MailboxVisit {
    return {
      port: this.#ports[security],
      user,
      password: mailboxPassword,
      security,
      authorityFile: join(this.worker.folder, "authority.pem"),
      login: "user",
      memory: mkdtempSync(join(this.#memories, "client-")),
      ...options,
    };
  }

  /** The event of a message that a client fetched. */
  retrieved(messageId: string): Promise<MessageEvent> {
    return waitUntil(`an event about ${messageId}`, () =>
      this.receiver.events.find(
        (one): one is MessageEvent => one.kind === "message" && one.messageIdHeader === messageId,
      ),
    );
  }

  /** Stops everything, and expects that every report was valid and no error was logged. */
  async stop(): Promise<void> {
    await this.worker.remove();
    await Promise.all([this.receiver.close(), this.server.stop(), this.#clamd.stop()]);
    this.#authority.remove();
    rmSync(this.#memories, { recursive: true, force: true });
    expect(this.receiver.faults).toEqual([]);
    expect(this.worker.stderr.split("\n").filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  }
}
