import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended, type Peer } from "./peer.ts";
import { freePort, waitForPort } from "./ports.ts";
import { environment } from "./smtp-programs.ts";

/** Postfix with a before-queue filter (SMTPD_PROXY_README): its smtpd speaks to the sink while the client waits. Needs root. */
export async function startPostfix(sinkPort: number): Promise<Peer> {
  const { peer } = await start({}, (port) => beforeQueue(port, sinkPort));
  return peer;
}

/** Postfix as it is out of the box: everything goes into its queue, and from there to the server at the port. Needs root. */
export async function startQueueingPostfix(serverPort: number): Promise<Peer & { flush(): void }> {
  const { peer, etc } = await start({ relay_transport: `relay:[127.0.0.1]:${serverPort}` }, withQueue);
  return { ...peer, flush: () => execFileSync("postqueue", ["-c", etc, "-f"], { env: environment }) };
}

async function start(
  more: Readonly<Record<string, string>>,
  services: (port: number) => string,
): Promise<{ peer: Peer; etc: string }> {
  if (process.getuid?.() !== 0) throw new Error("it needs root");
  const folder = mkdtempSync(join(tmpdir(), "postern-bench-postfix-"));
  chmodSync(folder, 0o755);
  for (const name of ["etc", "queue", "data"]) mkdirSync(join(folder, name));
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postfix"], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) throw new Error("there is no user postfix");
  chownSync(join(folder, "data"), uid, gid);
  const port = await freePort();
  const etc = join(folder, "etc");
  writeFileSync(join(etc, "main.cf"), settings(folder, more));
  writeFileSync(join(etc, "master.cf"), services(port));
  execFileSync("postfix", ["-c", etc, "check"], { stdio: "ignore", env: environment });
  const daemons = execFileSync("postconf", ["-c", etc, "-h", "daemon_directory"], {
    encoding: "utf8",
    env: environment,
  });
  const master = spawn(join(daemons.trim(), "master"), ["-c", etc, "-d"], { stdio: "ignore", detached: true });
  process.once("exit", () => master.kill());
  await waitForPort(port);
  const peer = {
    name: "postfix",
    port,
    pid: master.pid ?? null,
    stop: async () => {
      await ended(master);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
  return { peer, etc };
}

function settings(folder: string, more: Readonly<Record<string, string>>): string {
  const values = {
    compatibility_level: "3.6",
    queue_directory: join(folder, "queue"),
    data_directory: join(folder, "data"),
    maillog_file: join(folder, "mail.log"),
    maillog_file_prefixes: folder,
    myhostname: "bench.test",
    mydestination: "",
    relay_domains: "inside.test",
    relay_recipient_maps: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    alias_maps: "",
    default_process_limit: "200",
    message_size_limit: "20000000",
    ...more,
  };
  return `${Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join("\n")}\n`;
}

function beforeQueue(port: number, sinkPort: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:${sinkPort}
  -o smtpd_client_connection_count_limit=0
  -o smtpd_client_message_rate_limit=0
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
`;
}

function withQueue(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
  -o smtpd_client_connection_count_limit=0
  -o smtpd_client_message_rate_limit=0
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
