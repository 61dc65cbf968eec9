import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import { accepts } from "./accepts.ts";
import { freePort } from "./free-port.ts";
import { Inbox, keptDomains, type MailServer, type MailServerOptions } from "./mail-server.ts";
import { accountBindings, giveTo, killServer, packageRoot, spawnUnpacked } from "./unpacked-server.ts";
import { waitUntil } from "./wait-until.ts";

const program = join(packageRoot, "usr", "sbin", "smtpd");

/** Its folders, and where it looks for them. */
const ownFolders = { lib: "/var/lib", spool: "/var/spool", run: "/run" };

/** A real OpenSMTPD in a folder of its own. Needs root. */
export class OpenSmtpdServer implements MailServer {
  readonly port: number;
  readonly inbox: Inbox;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, port: number, process: ChildProcess) {
    this.port = port;
    this.inbox = new Inbox(join(folder, "mail", "inbox"));
    this.#folder = folder;
    this.#process = process;
  }

  static async start(options: MailServerOptions = {}): Promise<OpenSmtpdServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-opensmtpd-"));
    chmodSync(folder, 0o755);
    for (const name of ["mail", "run", "lib/opensmtpd/empty", "spool/smtpd"]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    chmodSync(join(folder, "spool/smtpd"), 0o711);
    const empty = "/var/lib/opensmtpd/empty";
    const inbox = { name: "inbox", id: 64_003, home: folder };
    giveTo(inbox, join(folder, "mail"));
    const daemons = [
      { name: "opensmtpd", id: 64_001, home: empty },
      { name: "opensmtpq", id: 64_002, home: empty },
    ];
    const port = await freePort();
    writeFileSync(join(folder, "smtpd.conf"), configuration(folder, port, options));
    const bindings = [
      ...accountBindings(folder, [...daemons, inbox]),
      ...Object.entries(ownFolders).map(([name, at]) => ({ from: join(folder, name), at })),
      { from: join(unpackedRoot("smtpd") ?? "", "usr/libexec"), at: "/usr/libexec" },
    ];
    const process = spawnUnpacked("smtpd", [program, "-d", "-f", join(folder, "smtpd.conf")], { folder, bindings });
    await waitUntil("OpenSMTPD accepts connections", () => accepts(port));
    return new OpenSmtpdServer(folder, port, process);
  }

  async stop(): Promise<void> {
    await killServer(this.#process);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const relaySchemes = { none: "smtp+notls", starttls: "smtp+tls", implicit: "smtps" };

function configuration(folder: string, port: number, { certificate, relay }: MailServerOptions): string {
  const listen = `listen on 127.0.0.1 port ${port} hostname opensmtpd.example.test`;
  const lines =
    certificate === undefined ? [listen] : [...certificateLines(folder, certificate), `${listen} tls-require pki own`];
  if (relay !== undefined) {
    const verify = relay.tls === "none" ? "" : " tls no-verify";
    const action = `relay host "${relaySchemes[relay.tls]}://127.0.0.1:${relay.port}"${verify}`;
    return [...lines, `action onward ${action}`, "match from any for any action onward", ""].join("\n");
  }
  const kept = keptDomains.map((domain) => `"${domain}"`).join(", ");
  return [
    ...lines,
    'table everyone { "@" = "inbox" }',
    `action keep maildir "${folder}/mail/inbox" virtual <everyone>`,
    `match from any for domain { ${kept} } action keep`,
    "",
  ].join("\n");
}

function certificateLines(folder: string, { cert, key }: { cert: string; key: string }): string[] {
  const [certFile, keyFile] = [join(folder, "own.pem"), join(folder, "own.key")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return [`pki own cert "${certFile}"`, `pki own key "${keyFile}"`];
}
