import { type ChildProcess, execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryFolder, unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import { accepts } from "./accepts.ts";
import { freePort } from "./free-port.ts";
import {
  Mailboxes,
  type MailboxServer,
  type MailboxServerOptions,
  mailboxPassword,
  mailboxUsers,
} from "./mailboxes.ts";
import { accountBindings, giveTo, killServer, packageRoot, spawnUnpacked } from "./unpacked-server.ts";
import { waitUntil } from "./wait-until.ts";

const mechanisms = "PLAIN LOGIN CRAM-MD5";

/** A real Courier in a folder of its own: USER and PASS, and AUTH; it knows no APOP. Needs root. */
export class CourierServer implements MailboxServer {
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

  static async start({ certificate }: MailboxServerOptions = {}): Promise<CourierServer> {
    const folder = mkdtempSync(join(tmpdir(), "postern-courier-"));
    chmodSync(folder, 0o755);
    const mailboxes = new Mailboxes(join(folder, "mail"));
    const ports = { port: await freePort(), tlsPort: await freePort() };
    for (const name of ["etc/courier", "run/courier/authdaemon"]) mkdirSync(join(folder, name), { recursive: true });
    cpSync("/etc/nsswitch.conf", join(folder, "etc/nsswitch.conf"));
    // What runs couriertls for STLS becomes this user.
    const account = { name: "courier", id: 64_004, home: folder };
    if (certificate !== undefined) {
      const chain = join(folder, "chain.pem");
      writeFileSync(chain, `${certificate.key}\n${certificate.cert}`, { mode: 0o600 });
      giveTo(account, chain);
    }
    writeUsers(join(folder, "etc/courier"), mailboxes);
    writeFileSync(join(folder, "etc/courier/authdaemonrc"), authdaemon);
    writeFileSync(join(folder, "run.sh"), runScript(ports, certificate !== undefined));
    for (const name of ["passwd", "group"]) writeFileSync(join(folder, "etc", name), "");
    const bindings = [
      // What it reads below /etc is in nobody's own.
      { from: join(folder, "etc"), at: "/etc" },
      ...accountBindings(folder, [account]),
      { from: join(folder, "run"), at: "/run" },
    ];
    const process = spawnUnpacked("courierpop3d", ["sh", "run.sh"], { folder, bindings });
    await waitUntil("Courier accepts connections", () => accepts(ports.port));
    if (certificate !== undefined) await waitUntil("Courier accepts TLS", () => accepts(ports.tlsPort));
    return new CourierServer(folder, ports, mailboxes, process);
  }

  async stop(): Promise<void> {
    await killServer(this.#process);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const authdaemon = `authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=5
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
LOGGEROPTS=""
`;

/** The two databases of authuserdb(7): who there is, and their secrets. */
function writeUsers(etc: string, mailboxes: Mailboxes): void {
  const root = unpackedRoot("courierpop3d");
  if (root === null) throw new Error("courierpop3d is not unpacked");
  const env = { ...process.env, LD_LIBRARY_PATH: libraryFolder(root) };
  const run = (program: string, args: readonly string[], input: string): string =>
    execFileSync(join(root, program), args, { input, env, encoding: "utf8" }).trim();
  const twice = `${mailboxPassword}\n${mailboxPassword}\n`;
  const crypt = execFileSync("openssl", ["passwd", "-1", mailboxPassword], { encoding: "utf8" }).trim();
  const secrets = `systempw=${crypt}|hmac-md5pw=${run("usr/sbin/userdbpw", ["-hmac-md5"], twice)}`;
  const { uid, gid } = mailboxes.owner;
  const write = (name: string, fields: (user: string) => string): void => {
    const records = mailboxUsers.map((user) => `${user}\t${fields(user)}\n`).join("");
    const files = [join(etc, "new"), join(etc, name)];
    run("usr/lib/courier/courier-authlib/makedatprog", ["-", ...files], `${records}.\n`);
  };
  write("userdb.dat", (user) => `uid=${uid}|gid=${gid}|home=${mailboxes.home(user)}`);
  write("userdbshadow.dat", () => secrets);
  chmodSync(join(etc, "userdbshadow.dat"), 0o600);
}

/** Its daemons, as Debian's start scripts run them. */
function runScript({ port, tlsPort }: { port: number; tlsPort: number }, tls: boolean): string {
  const libraries = ["usr/lib", "usr/lib/courier-authlib"].map((path) => join(packageRoot, path)).join(":");
  const listen = (at: number) =>
    `${packageRoot}/usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=200 -maxperip=200 -nodnslookup -noidentlookup ${at}`;
  const session = "$courier/courierpop3login $courier/courierpop3d Maildir";
  return `
export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:${libraries}
exec 2>log
courier=${packageRoot}/usr/lib/courier/courier
${packageRoot}/usr/lib/courier/courier-authlib/authdaemond &
export POP3AUTH="${mechanisms}" POP3AUTH_TLS="${mechanisms}" MAILDIRPATH=Maildir
export COURIERTLS=${packageRoot}/usr/bin/couriertls TLS_CERTFILE=$PWD/chain.pem TLS_VERIFYPEER=NONE
${tls ? `POP3_TLS=1 POP3_STARTTLS=NO ${listen(tlsPort)} $COURIERTLS -server -tcpd -user=courier ${session} &` : ""}
POP3_STARTTLS=${tls ? "YES" : "NO"} POP3_TLS_REQUIRED=0 exec ${listen(port)} ${session}
`;
}
