import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryFolder, type UnpackedProgram, unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import { accepts } from "./accepts.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait-until.ts";

/** What virus scanners agree to find. In two pieces, so that none finds this file. */
export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"].join("");
/** The name under which the test's clamd finds it: signatures of others are marked so. */
export const eicarName = "Postern.Eicar.UNOFFICIAL";
/** What spam filters agree to find (GTUBE). */
export const gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

const startMs = 60_000;

/** A scanner that runs from its unpacked Debian package, with everything that it writes in a folder of its own. */
export class ScannerServer {
  readonly port: number;
  readonly folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port;
    this.folder = folder;
    this.#process = process;
  }

  /** `run` starts it in the folder, which everybody may look into: a server may leave its rights behind. `at`: its port, where it comes back. */
  static async start(
    name: string,
    run: (folder: string, port: number) => ChildProcess,
    at?: number,
  ): Promise<ScannerServer> {
    const folder = mkdtempSync(join(tmpdir(), `postern-${name}-`));
    chmodSync(folder, 0o755);
    const port = at ?? (await freePort());
    const server = new ScannerServer(port, folder, run(folder, port));
    try {
      await waitUntil(`${name} accepts connections`, () => accepts(port), startMs);
      return server;
    } catch (error) {
      const { log } = server;
      await server.stop();
      throw new Error(`${name} did not start: ${log}`, { cause: error });
    }
  }

  get log(): string {
    const file = join(this.folder, "log");
    return existsSync(file) ? readFileSync(file, "utf8").slice(-2_000) : "";
  }

  /** Ends it with the processes that it made, which would outlive it. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const gone = once(this.#process, "exit");
      process.kill(-pid, "SIGKILL");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function rootOf(program: UnpackedProgram): string {
  const root = unpackedRoot(program);
  if (root === null) throw new Error(`${program} is not unpacked`);
  return root;
}

/** Runs a program that finds everything by its settings. Its path and `libraries` are below the package's root. */
function runUnpacked(
  root: string,
  program: string,
  args: readonly string[],
  libraries: readonly string[] = [],
): ChildProcess {
  const folders = [libraryFolder(root), ...libraries.map((path) => join(root, path))];
  return run(join(root, program), args, { LD_LIBRARY_PATH: folders.join(":") });
}

/** In a process group of its own. */
function run(program: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(program, args, { detached: true, env: { ...process.env, ...env }, stdio: "ignore" });
}

/** With two signatures: EICAR by its bytes, and by the digest of the whole file. `settings`: more lines of clamd.conf. */
export function startClamd(settings: readonly string[] = [], at?: number): Promise<ScannerServer> {
  const start = (folder: string, port: number): ChildProcess => {
    mkdirSync(join(folder, "signatures"));
    const hex = Buffer.from(eicar, "latin1").toString("hex");
    writeFileSync(join(folder, "signatures", "tests.ndb"), `Postern.Eicar:0:*:${hex}\n`);
    const lines = [
      "Foreground yes",
      `DatabaseDirectory ${folder}/signatures`,
      `TemporaryDirectory ${folder}`,
      `LogFile ${folder}/log`,
      `LocalSocket ${clamdSocket(folder)}`,
      `TCPSocket ${port}`,
      "TCPAddr 127.0.0.1",
      ...settings,
    ];
    writeFileSync(join(folder, "clamd.conf"), lines.join("\n"));
    return runUnpacked(rootOf("clamd"), "usr/sbin/clamd", ["-c", join(folder, "clamd.conf")]);
  };
  return ScannerServer.start("clamd", start, at);
}

export function clamdSocket(folder: string): string {
  return join(folder, "clamd.sock");
}

/** rspamd without rules, a resolver that answers, or a database: only GTUBE is known to it. */
export function startRspamd(): Promise<ScannerServer> {
  return ScannerServer.start("rspamd", (folder, port) => {
    const root = rootOf("rspamd");
    const share = join(root, "usr/share/rspamd");
    // The list in the package takes it seconds to compile.
    writeFileSync(join(folder, "tld"), "com\ntest\n");
    writeFileSync(
      join(folder, "rspamd.conf"),
      `options {
  filters = "";
  pidfile = "${folder}/pid";
  control_socket = "${folder}/control mode=0600";
  temp_dir = "${folder}";
  hs_cache_dir = "${folder}";
  dynamic_conf = "${folder}/dynamic";
  url_tld = "${folder}/tld";
  gtube_patterns = "all";
  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
}
logging { type = "file"; filename = "${folder}/log"; }
actions { reject = 15; add_header = 6; greylist = 4; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }
`,
    );
    const paths = {
      SHAREDIR: share,
      LUALIBDIR: join(share, "lualib"),
      RULESDIR: join(share, "rules"),
      PLUGINSDIR: join(share, "plugins"),
      DBDIR: folder,
      RUNDIR: folder,
    };
    const variables = Object.entries(paths).map(([name, path]) => `--var=${name}=${path}`);
    const args = ["-f", "-i", "-c", join(folder, "rspamd.conf"), ...variables];
    return runUnpacked(root, "usr/bin/rspamd", args, ["usr/lib/rspamd"]);
  });
}

/** SpamAssassin's daemon with the one rule for GTUBE, and no look-ups. Where root runs it, it works as nobody, who must find its modules. */
export function startSpamd(): Promise<ScannerServer> {
  return ScannerServer.start("spamd", (folder, port) => {
    for (const name of ["site", "rules"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "site", "v320.pre"), "loadplugin Mail::SpamAssassin::Plugin::Check\n");
    const settings = ["use_bayes 0", "skip_rbl_checks 1", "dns_available no", "required_score 5"];
    writeFileSync(join(folder, "site", "local.cf"), settings.map((line) => `${line}\n`).join(""));
    const pattern = gtube.replace(/[*.]/g, "\\$&");
    writeFileSync(join(folder, "rules", "gtube.cf"), `body GTUBE /${pattern}/\nscore GTUBE 1000\n`);
    const root = rootOf("spamd");
    const compiled = join(libraryFolder(root), "perl5");
    const modules = [join(root, "usr/share/perl5"), ...readdirSync(compiled).map((version) => join(compiled, version))];
    for (const from of modules) cpSync(from, join(folder, "modules"), { recursive: true });
    const places = [`--siteconfigpath=${folder}/site`, `--configpath=${folder}/rules`, `--syslog=${folder}/log`];
    const program = [join(root, "usr/sbin/spamd"), "-x", "-L", "-i", "127.0.0.1", "-p", `${port}`];
    return run("perl", ["-T", `-I${folder}/modules`, ...program, "--max-children=2", ...places]);
  });
}

/** c-icap, whose `virus_scan` asks the clamd of `clamdFolder`, and whose `echo` gives everything back. */
export function startIcap(clamdFolder: string): Promise<ScannerServer> {
  return ScannerServer.start("c-icap", (folder, port) => {
    const root = rootOf("c-icap");
    const modules = join(libraryFolder(root), "c_icap");
    const lines = [
      `PidFile ${folder}/pid`,
      `CommandsSocket ${folder}/control`,
      "StartServers 1",
      "MaxServers 1",
      "ThreadsPerChild 10",
      `Port 127.0.0.1:${port}`,
      `TmpDir ${folder}`,
      `ModulesDir ${modules}`,
      `ServicesDir ${modules}`,
      `TemplateDir ${join(root, "usr/share/c_icap/templates/")}`,
      "TemplateDefaultLanguage en",
      `LoadMagicFile ${join(root, "etc/c-icap/c-icap.magic")}`,
      `ServerLog ${folder}/log`,
      `AccessLog ${folder}/access`,
      "Service echo srv_echo.so",
      "Service virus_scan virus_scan.so",
      "virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE",
      "virus_scan.Allow204Responces on",
      "virus_scan.PassOnError off",
      "virus_scan.MaxObjectSize 5M",
      // Else it begins to give a large body back before it knows, and its answer names nothing.
      "virus_scan.StartSendPercentDataAfter 5M",
      "virus_scan.DefaultEngine clamd",
      "Module common clamd_mod.so",
      `clamd_mod.ClamdSocket ${clamdSocket(clamdFolder)}`,
    ];
    writeFileSync(join(folder, "c-icap.conf"), lines.join("\n"));
    const args = ["-N", "-D", "-d", "1", "-f", join(folder, "c-icap.conf")];
    const systemLibraries = libraryFolder(root).slice(join(root, "usr").length);
    return runUnpacked(root, "usr/bin/c-icap", args, [systemLibraries]);
  });
}
