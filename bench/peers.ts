import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { libraryFolder, type UnpackedProgram, unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import type { BenchProtocol } from "./bench-policy.ts";
import { startWorker } from "./bench-worker.ts";
import { ended, type Peer } from "./peer.ts";
import { freePort, waitForPort } from "./ports.ts";
import { startPostfix, startQueueingPostfix } from "./postfix-peer.ts";

/** Starts ours and every peer that is installed, all in front of the server at the port. Says which are left out. */
export async function startPeers(
  protocol: BenchProtocol,
  serverPort: number,
  options: { nodeArguments: readonly string[]; say(line: string): void },
): Promise<Peer[]> {
  const peers: Peer[] = [{ name: "direct", port: serverPort, pid: null, stop: async () => {} }];
  const port = await freePort();
  const worker = await startWorker(protocol, { listen: port, upstream: serverPort }, options.nodeArguments);
  peers.push({ name: "postern", port, ...worker });
  for (const [name, start] of Object.entries(programs[protocol])) {
    try {
      peers.push(await start(serverPort));
    } catch (error) {
      options.say(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return peers;
}

/** Starts ours and Postfix, both with a queue for the server at the port, which need not be there. `flush` says that it is back. */
export async function startQueueingPeers(
  serverPort: number,
  options: { nodeArguments: readonly string[]; say(line: string): void },
): Promise<(Peer & { flush(): void })[]> {
  const port = await freePort();
  const worker = await startWorker("queue", { listen: port, upstream: serverPort }, options.nodeArguments);
  // Ours finds out by itself.
  const peers = [{ name: "postern", port, ...worker, flush: () => {} }];
  try {
    return [...peers, await startQueueingPostfix(serverPort)];
  } catch (error) {
    options.say(`postfix is left out: ${error instanceof Error ? error.message : String(error)}`);
    return peers;
  }
}

const programs: Record<BenchProtocol, Record<string, (serverPort: number) => Promise<Peer>>> = {
  smtp: {
    nginx: (port) => startNginx("protocol smtp; smtp_auth none; xclient off;", port),
    haproxy: startHaproxy,
    postfix: startPostfix,
  },
  pop3: {
    nginx: (port) => startNginx("protocol pop3; pop3_auth plain;", port),
    haproxy: startHaproxy,
    perdition: startPerdition,
    "node pipe": startPipe,
  },
};

/** nginx's mail proxy, one worker process; it asks us over HTTP where each session goes. */
async function startNginx(service: string, serverPort: number): Promise<Peer> {
  const root = rootOf("nginx");
  const authorizer = createServer((_request, response) => {
    response.writeHead(200, { "Auth-Status": "OK", "Auth-Server": "127.0.0.1", "Auth-Port": String(serverPort) }).end();
  });
  await new Promise<void>((resolve) => authorizer.listen(0, "127.0.0.1", resolve));
  const port = await freePort();
  const configuration = `
load_module ${root}/usr/lib/nginx/modules/ngx_mail_module.so;
daemon off;
user nobody nogroup;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 20000; }
mail {
  server_name bench.test;
  auth_http 127.0.0.1:${(authorizer.address() as AddressInfo).port}/;
  server { listen 127.0.0.1:${port}; ${service} }
}
`;
  const peer = await startUnpacked("nginx", port, configuration, (folder, file) => {
    return [join(root, "usr/sbin/nginx"), "-p", folder, "-e", "stderr", "-c", file];
  });
  return {
    ...peer,
    stop: async () => {
      await peer.stop();
      authorizer.closeAllConnections();
      authorizer.close();
    },
  };
}

/** HAProxy passing TCP on, one thread: it knows nothing of mail. */
async function startHaproxy(serverPort: number): Promise<Peer> {
  const root = rootOf("haproxy");
  const port = await freePort();
  const configuration = `
global
  nbthread 1
defaults
  mode tcp
  maxconn 8000
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen mail
  bind 127.0.0.1:${port}
  server sink 127.0.0.1:${serverPort}
`;
  return await startUnpacked("haproxy", port, configuration, (_folder, file) => {
    return [join(root, "usr/sbin/haproxy"), "-db", "-f", file];
  });
}

/** Perdition, which has a process for each session. */
async function startPerdition(serverPort: number): Promise<Peer> {
  const root = rootOf("perdition");
  const port = await freePort();
  const lines = [
    "protocol POP3",
    "bind_address 127.0.0.1",
    `listen_port ${port}`,
    "outgoing_server 127.0.0.1",
    `outgoing_port ${serverPort}`,
    'map_library ""',
    'pid_file ""',
    "username nobody",
    "group nogroup",
    "no_lookup",
  ];
  return await startUnpacked("perdition", port, `${lines.join("\n")}\n`, (_folder, file) => {
    return [join(root, "usr/sbin/perdition"), "--no_daemon", "--config_file", file];
  });
}

/** Bytes passed on by Node and nothing else. */
async function startPipe(serverPort: number): Promise<Peer> {
  const port = await freePort();
  const program = fileURLToPath(new URL("pipe.ts", import.meta.url));
  const child = spawn(process.execPath, [program, String(port), String(serverPort)], { stdio: "ignore" });
  process.once("exit", () => child.kill());
  await waitForPort(port);
  return { name: "node pipe", port, pid: child.pid ?? null, stop: () => ended(child) };
}

function rootOf(program: UnpackedProgram): string {
  const root = unpackedRoot(program);
  if (root === null) throw new Error("it is not unpacked");
  return root;
}

async function startUnpacked(
  program: UnpackedProgram,
  port: number,
  configuration: string,
  commandLine: (folder: string, file: string) => readonly string[],
): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), `postern-bench-${program}-`));
  const file = join(folder, "configuration");
  writeFileSync(file, configuration);
  const [command = "", ...args] = commandLine(folder, file);
  const libraries = libraryFolder(rootOf(program));
  const environment = { ...process.env, LD_LIBRARY_PATH: [libraries, dirname(libraries)].join(delimiter) };
  const child = spawn(command, args, { stdio: "ignore", env: environment });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", () => child.kill());
  try {
    await waitForPort(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: program, port, pid: child.pid ?? null, stop };
}
