import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts } from "./accepts.ts";
import { endProcess } from "./end-process.ts";
import { freePort } from "./free-port.ts";
import { Inbox, keptDomains, type MailServer, type MailServerOptions } from "./mail-server.ts";
import { programPath } from "./requires.ts";
import { waitUntil } from "./wait-until.ts";

export const postfixPrograms = ["postfix", "postconf"] as const;

const writtenAt = new Date("2020-01-01");

const services = [
  "pickup unix n - n 60 1 pickup",
  "cleanup unix n - n - 0 cleanup",
  "qmgr unix n - n 300 1 qmgr",
  "rewrite unix - - n - - trivial-rewrite",
  "bounce unix - - n - 0 bounce",
  "defer unix - - n - 0 bounce",
  "trace unix - - n - 0 bounce",
  "verify unix - - n - 1 verify",
  "flush unix n - n 1000? 0 flush",
  "proxymap unix - - n - - proxymap",
  "showq unix n - n - - showq",
  "error unix - - n - - error",
  "retry unix - - n - - error",
  "virtual unix - n n - - virtual",
  "smtp unix - - n - - smtp",
  "anvil unix - - n - 1 anvil",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "postlog unix-dgram n - n - 1 postlogd",
];

/** A real Postfix in a folder of its own. Needs root. */
export class PostfixServer implements MailServer {
  readonly port: number;
  readonly inbox: Inbox;
  readonly #folder: string;
  #master: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.port = port;
    this.inbox = new Inbox(join(folder, "mail", "inbox"));
    this.#folder = folder;
  }

  /** `settings`: as for `up`. */
  static async start(options: MailServerOptions = {}, settings: readonly string[] = []): Promise<PostfixServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-postfix-"));
    const port = options.port ?? (await freePort());
    writeConfiguration(folder, options);
    execFileSync(programPath("postfix"), ["-c", join(folder, "etc"), "check"], { stdio: "ignore" });
    const server = new PostfixServer(folder, port);
    await server.up(settings);
    return server;
  }

  /** Starts it again after `down`; `settings` of main.cf hold until the next time. */
  async up(settings: readonly string[] = []): Promise<void> {
    const etc = join(this.#folder, "etc");
    const daemons = execFileSync(programPath("postconf"), ["-c", etc, "-h", "daemon_directory"], {
      encoding: "utf8",
    }).trim();
    const listener = [`127.0.0.1:${this.port} inet n - n - - smtpd`, ...settings.map((setting) => `  -o ${setting}`)];
    writeFileSync(join(etc, "master.cf"), `${[...listener, ...services].join("\n")}\n`);
    const master = spawn(join(daemons, "master"), ["-c", etc, "-d"], { stdio: "ignore", detached: true });
    this.#master = master;
    await waitUntil("Postfix accepts connections", () => {
      if (master.exitCode !== null) throw new Error(`Postfix ended as it started; its log is in ${this.#folder}`);
      return accepts(this.port);
    });
  }

  /** Ends it; what it took stays. */
  async down(): Promise<void> {
    await endProcess("Postfix", this.#master);
    this.#master = null;
    // Servers that the master made end after it, and hold its port until then: the next master could not have it.
    await waitUntil("Postfix leaves its port", async () => !(await accepts(this.port)));
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function tlsSettings(folder: string, { certificate }: MailServerOptions): Record<string, string> {
  if (certificate === undefined) return {};
  const path = join(folder, "etc", "chain.pem");
  writeFileSync(path, `${certificate.key}\n${certificate.cert}`, { mode: 0o600 });
  return { smtpd_tls_chain_files: path, smtpd_tls_security_level: "encrypt", smtpd_tls_received_header: "yes" };
}

function loginSettings({ loginSocket }: MailServerOptions): Record<string, string> {
  if (loginSocket === undefined) return {};
  return {
    smtpd_sasl_auth_enable: "yes",
    smtpd_sasl_type: "dovecot",
    smtpd_sasl_path: loginSocket,
    smtpd_sasl_authenticated_header: "yes",
    smtpd_recipient_restrictions: "permit_sasl_authenticated, reject",
  };
}

function relaySettings({ relay }: MailServerOptions): Record<string, string> {
  if (relay === undefined) return {};
  return {
    mynetworks: "127.0.0.0/8",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    virtual_mailbox_domains: "",
    relayhost: `[127.0.0.1]:${relay.port}`,
    smtp_tls_security_level: relay.tls === "none" ? "none" : "encrypt",
    smtp_tls_wrappermode: relay.tls === "implicit" ? "yes" : "no",
  };
}

function writeConfiguration(folder: string, options: MailServerOptions): void {
  // Postfix's own user must be able to walk in.
  chmodSync(folder, 0o755);
  for (const name of ["etc", "queue", "data", "mail"]) mkdirSync(join(folder, name));
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postfix"], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) throw new Error("there is no user postfix");
  for (const name of ["data", "mail"]) chownSync(join(folder, name), uid, gid);
  const settings = {
    compatibility_level: "3.6",
    queue_directory: join(folder, "queue"),
    data_directory: join(folder, "data"),
    maillog_file: join(folder, "mail.log"),
    maillog_file_prefixes: folder,
    myhostname: "inside.example.test",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    mynetworks: "192.0.2.0/24",
    smtpd_relay_restrictions: "reject_unauth_destination",
    local_header_rewrite_clients: "",
    alias_maps: "",
    alias_database: "",
    local_recipient_maps: "",
    virtual_mailbox_domains: (options.domains ?? keptDomains).join(", "),
    virtual_mailbox_maps: "static:inbox/",
    virtual_mailbox_base: join(folder, "mail"),
    virtual_mailbox_limit: "0",
    virtual_minimum_uid: "1",
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    message_size_limit: "20000000",
    ...tlsSettings(folder, options),
    ...relaySettings(options),
    ...loginSettings(options),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const file = join(folder, "etc", "main.cf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  // Each program of Postfix waits a second or two before it reads a file that may still be under the editor.
  utimesSync(file, writtenAt, writtenAt);
  writeFileSync(join(folder, "etc", "master.cf"), `${services.join("\n")}\n`);
}
