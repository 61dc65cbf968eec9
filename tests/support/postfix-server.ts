import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts } from "./accepts.ts";
import { freePort } from "./free-port.ts";
import { programPath } from "./requires.ts";
import type { TestCertificate } from "./test-authority.ts";
import { waitUntil } from "./wait-until.ts";

export const postfixPrograms = ["postfix", "postconf"] as const;

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
  "anvil unix - - n - 1 anvil",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "postlog unix-dgram n - n - 1 postlogd",
];

/** A real Postfix in a folder of its own that takes mail for inside.test and delivers it into one maildir. Needs root. */
export class PostfixServer {
  readonly port: number;
  readonly #folder: string;
  readonly #master: ChildProcess;

  private constructor(folder: string, port: number, master: ChildProcess) {
    this.#folder = folder;
    this.port = port;
    this.#master = master;
  }

  /** With a certificate it takes mail inside TLS only. */
  static async start(tls: TestCertificate | null = null): Promise<PostfixServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-postfix-"));
    const port = await freePort();
    writeConfiguration(folder, port, tls);
    const etc = join(folder, "etc");
    execFileSync(programPath("postfix"), ["-c", etc, "check"], { stdio: "ignore" });
    const daemons = execFileSync(programPath("postconf"), ["-c", etc, "-h", "daemon_directory"], {
      encoding: "utf8",
    }).trim();
    const master = spawn(join(daemons, "master"), ["-c", etc, "-d"], { stdio: "ignore", detached: true });
    await waitUntil("Postfix accepts connections", () => accepts(port));
    return new PostfixServer(folder, port, master);
  }

  /** The delivered message that contains the text, as stored: LF line ends, Postfix's own lines on top. */
  delivered(containing: string, withinMs = 10_000): Promise<string> {
    return waitUntil(
      `delivery of ${containing}`,
      () => this.stored().find((mail) => mail.includes(containing)),
      withinMs,
    );
  }

  /** Every delivered message, as stored. */
  stored(): string[] {
    const inbox = join(this.#folder, "mail", "inbox", "new");
    try {
      return readdirSync(inbox).map((name) => readFileSync(join(inbox, name), "latin1"));
    } catch {
      return [];
    }
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#master.once("exit", resolve));
    this.#master.kill("SIGTERM");
    await gone;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function tlsSettings(folder: string, tls: TestCertificate | null): Record<string, string> {
  if (tls === null) return {};
  const path = join(folder, "etc", "chain.pem");
  writeFileSync(path, `${tls.key}\n${tls.cert}`, { mode: 0o600 });
  return { smtpd_tls_chain_files: path, smtpd_tls_security_level: "encrypt", smtpd_tls_received_header: "yes" };
}

function writeConfiguration(folder: string, port: number, tls: TestCertificate | null): void {
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
    virtual_mailbox_domains: "inside.test",
    virtual_mailbox_maps: "static:inbox/",
    virtual_mailbox_base: join(folder, "mail"),
    virtual_mailbox_limit: "0",
    virtual_minimum_uid: "1",
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    message_size_limit: "20000000",
    ...tlsSettings(folder, tls),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(folder, "etc", "main.cf"), `${lines.join("\n")}\n`);
  const listener = `127.0.0.1:${port} inet n - n - - smtpd`;
  writeFileSync(join(folder, "etc", "master.cf"), `${[listener, ...services].join("\n")}\n`);
}
