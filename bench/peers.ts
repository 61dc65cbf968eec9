import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryFolder, type UnpackedProgram, unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import { startWorker } from "./bench-worker.ts";
import { ended, type Peer } from "./peer.ts";
import { freePort, waitForPort } from "./ports.ts";
import { startPostfix } from "./postfix-peer.ts";

/** Starts ours and every peer that is installed, all in front of the sink. Says which are left out. */
export async function startPeers(
  sinkPort: number,
  options: { nodeArguments: readonly string[]; say(line: string): void },
): Promise<Peer[]> {
  const peers: Peer[] = [{ name: "direct", port: sinkPort, pid: null, stop: async () => {} }];
  const port = await freePort();
  const worker = await startWorker({ listen: port, upstream: sinkPort }, options.nodeArguments);
  peers.push({ name: "postern", port, ...worker });
  for (const [name, start] of Object.entries({ nginx: startNginx, haproxy: startHaproxy, postfix: startPostfix })) {
    try {
      peers.push(await start(sinkPort));
    } catch (error) {
      options.say(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return peers;
}

/** nginx's mail proxy, one worker process; it asks us over HTTP where each session goes. */
async function startNginx(sinkPort: number): Promise<Peer> {
  const root = rootOf("nginx");
  const authorizer = createServer((_request, response) => {
    response.writeHead(200, { "Auth-Status": "OK", "Auth-Server": "127.0.0.1", "Auth-Port": String(sinkPort) }).end();
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
  server { listen 127.0.0.1:${port}; protocol smtp; smtp_auth none; xclient off; }
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
async function startHaproxy(sinkPort: number): Promise<Peer> {
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
listen smtp
  bind 127.0.0.1:${port}
  server sink 127.0.0.1:${sinkPort}
`;
  return await startUnpacked("haproxy", port, configuration, (_folder, file) => {
    return [join(root, "usr/sbin/haproxy"), "-db", "-f", file];
  });
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
  const environment = { ...process.env, LD_LIBRARY_PATH: libraryFolder(rootOf(program)) };
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
