import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts } from "./accepts.ts";
import { freePort } from "./free-port.ts";
import { programPath } from "./requires.ts";
import { waitUntil } from "./wait-until.ts";

export const dovecotPrograms = ["dovecot"] as const;

export const mailboxPassword = "open-sesame";

const userNames = Array.from({ length: 50 }, (_, n) => `user${n + 1}`);

/** A real Dovecot in a folder of its own: plain POP3 with USER/PASS and APOP. Needs root. */
export class DovecotServer {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  #serial = 0;
  #mailboxes = 0;

  private constructor(folder: string, port: number, process: ChildProcess) {
    this.#folder = folder;
    this.port = port;
    this.#process = process;
  }

  static async start(): Promise<DovecotServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-dovecot-"));
    const port = await freePort();
    chmodSync(folder, 0o755);
    for (const name of ["run", "state", "mail"]) mkdirSync(join(folder, name));
    // Dovecot looks at the file not more than once a second: everybody is in it from the start.
    const accounts = userNames.map((user) => `${user}:{PLAIN}${mailboxPassword}\n`);
    writeFileSync(join(folder, "users"), accounts.join(""), { mode: 0o644 });
    writeFileSync(join(folder, "dovecot.conf"), configuration(folder, port));
    const process = spawn(programPath("dovecot"), ["-F", "-c", join(folder, "dovecot.conf")], { stdio: "ignore" });
    await waitUntil("Dovecot accepts connections", () => accepts(port));
    return new DovecotServer(folder, port, process);
  }

  /** Makes a mailbox with the messages (CRLF text) in this order and gives its user; the password is `mailboxPassword`. */
  addMailbox(messages: readonly string[]): string {
    const user = userNames[this.#mailboxes++];
    if (user === undefined) throw new Error("more mailboxes than users");
    const maildir = join(this.#folder, "mail", user, "Maildir");
    for (const name of ["cur", "new", "tmp"]) mkdirSync(join(maildir, name), { recursive: true });
    for (const text of messages) {
      this.#serial += 1;
      const name = `${1_700_000_000 + this.#serial}.M${this.#serial}.test`;
      writeFileSync(join(maildir, "new", name), text.replaceAll("\r\n", "\n"));
    }
    giveTo(mailUser(), join(this.#folder, "mail", user));
    return user;
  }

  /** How many messages the mailbox holds now. */
  count(user: string): number {
    const maildir = join(this.#folder, "mail", user, "Maildir");
    return ["new", "cur"].reduce((sum, name) => sum + readdirSync(join(maildir, name)).length, 0);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await gone;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

type Owner = { uid: number; gid: number };

function mailUser(): Owner {
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "mail"], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) throw new Error("there is no user mail");
  return { uid, gid };
}

function giveTo(owner: Owner, folder: string): void {
  chownSync(folder, owner.uid, owner.gid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chownSync(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
}

function configuration(folder: string, port: number): string {
  const { uid, gid } = mailUser();
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain apop
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
    port = 0
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
