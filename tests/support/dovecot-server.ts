import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts } from "./accepts.ts";
import { endProcess } from "./end-process.ts";
import { freePort } from "./free-port.ts";
import {
  Mailboxes,
  type MailboxServer,
  type MailboxServerOptions,
  mailboxPassword,
  mailboxUsers,
} from "./mailboxes.ts";
import { programPath } from "./requires.ts";
import { waitUntil } from "./wait-until.ts";

export const dovecotPrograms = ["dovecot"] as const;

/** A real Dovecot in a folder of its own: USER and PASS, APOP, and every mechanism of AUTH that it has for a password. Needs root. */
export class DovecotServer implements MailboxServer {
  readonly port: number;
  readonly tlsPort: number;
  readonly mailboxes: Mailboxes;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(
    folder: string,
    ports: { port: number; tlsPort: number },
    mailboxes: Mailboxes,
    process: ChildProcess,
  ) {
    this.port = ports.port;
    this.tlsPort = ports.tlsPort;
    this.mailboxes = mailboxes;
    this.#folder = folder;
    this.#process = process;
  }

  /** `tokenInfoUrl`: who is asked about an access token, which is put behind it; with it there are XOAUTH2 and OAUTHBEARER. */
  static async start(options: MailboxServerOptions & { tokenInfoUrl?: string } = {}): Promise<DovecotServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-dovecot-"));
    const ports = { port: await freePort(), tlsPort: await freePort() };
    chmodSync(folder, 0o755);
    for (const name of ["run", "state"]) mkdirSync(join(folder, name));
    const mailboxes = new Mailboxes(join(folder, "mail"));
    // Dovecot looks at the file not more than once a second: everybody is in it from the start.
    const accounts = mailboxUsers.map((user) => `${user}:{PLAIN}${mailboxPassword}\n`);
    writeFileSync(join(folder, "users"), accounts.join(""), { mode: 0o644 });
    const { certificate, tokenInfoUrl } = options;
    if (certificate !== undefined) {
      writeFileSync(join(folder, "own.pem"), certificate.cert);
      writeFileSync(join(folder, "own.key"), certificate.key, { mode: 0o600 });
    }
    const text = configuration(folder, ports, mailboxes.owner, certificate !== undefined);
    const tokens = tokenInfoUrl === undefined ? "" : tokenConfiguration(folder);
    writeFileSync(join(folder, "dovecot.conf"), text + tokens);
    if (tokenInfoUrl !== undefined) {
      const settings = [
        "grant_url =",
        `tokeninfo_url = ${tokenInfoUrl}`,
        "introspection_mode = auth",
        "username_attribute = email",
      ];
      writeFileSync(join(folder, "tokens.conf"), `${settings.join("\n")}\n`);
    }
    const process = spawn(programPath("dovecot"), ["-F", "-c", join(folder, "dovecot.conf")], { stdio: "ignore" });
    await waitUntil("Dovecot accepts connections", () => accepts(ports.port));
    return new DovecotServer(folder, ports, mailboxes, process);
  }

  async stop(): Promise<void> {
    await endProcess("Dovecot", this.#process);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function configuration(
  folder: string,
  { port, tlsPort }: { port: number; tlsPort: number },
  { uid, gid }: { uid: number; gid: number },
  tls: boolean,
): string {
  const certificate = tls ? `ssl = yes\nssl_cert = <${folder}/own.pem\nssl_key = <${folder}/own.key` : "ssl = no";
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = pop3
listen = 127.0.0.1
${certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login apop cram-md5 scram-sha-1 scram-sha-256
auth_failure_delay = 0
mail_location = maildir:${folder}/mail/%u/Maildir
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = ${port}
  }
  inet_listener pop3s {
    port = ${tls ? tlsPort : 0}
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;
}

function tokenConfiguration(folder: string): string {
  return `
auth_mechanisms = $auth_mechanisms xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/tokens.conf
}
`;
}
