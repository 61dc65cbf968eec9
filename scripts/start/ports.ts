import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { PortVariable, Settings } from "./settings.ts";

const leftoverTimeoutMs = 35_000;

const uses: Record<PortVariable, string> = {
  POSTERN_CONSOLE_PORT: "the console",
  POSTERN_CONTROL_PORT: "the worker's control API",
  POSTERN_EXTERNAL_SMTP_PORT: "SMTP on External",
  POSTERN_TRUSTED_SMTP_PORT: "SMTP on Trusted",
  POSTERN_EXTERNAL_POP3_PORT: "POP3 on External",
  POSTERN_TRUSTED_POP3_PORT: "POP3 on Trusted",
  POSTERN_DEMO_SMTP_PORT: "the demo mail server's SMTP",
  POSTERN_DEMO_POP3_PORT: "the demo mail server's POP3",
};

type Taken = { variable: PortVariable; port: number; holder: Holder | null };
type Holder = { pid: number; command: string; folder: string };

/**
 * Throws when a port that we need is taken: names the port, who holds it where the system tells, and the variable.
 * Parts of an earlier start whose launcher was killed are on their way out: for those it waits.
 */
export async function checkPorts(settings: Settings, say: (line: string) => void): Promise<void> {
  const deadline = Date.now() + leftoverTimeoutMs;
  for (let said = false; ; await wait(200)) {
    const taken = await takenPorts(settings);
    if (taken.length === 0) return;
    const leftovers = taken.every(({ holder }) => holder?.folder === settings.root);
    if (!leftovers || Date.now() > deadline) throw new Error(taken.map(sentence).join("\n"));
    if (!said) say("Waiting for the parts of an earlier start to end …");
    said = true;
  }
}

async function takenPorts({ ports, demo }: Settings): Promise<Taken[]> {
  const wanted = (Object.keys(uses) as PortVariable[]).filter((variable) => demo || !variable.includes("_DEMO_"));
  const taken: Taken[] = [];
  for (const variable of wanted) {
    const port = ports[variable];
    if (!(await isFree(port))) taken.push({ variable, port, holder: holderOf(port) });
  }
  const twice = wanted.find((variable, index) =>
    wanted.slice(0, index).some((other) => ports[other] === ports[variable]),
  );
  if (twice !== undefined) throw new Error(`Port ${ports[twice]} is named twice: set ${twice} to another port.`);
  return taken;
}

function sentence({ variable, port, holder }: Taken): string {
  const by = holder === null ? "" : ` by ${holder.command.slice(0, 80)} (pid ${holder.pid})`;
  return `Port ${port} for ${uses[variable]} is taken${by}. Stop that program, or set ${variable} to another port.`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
      .once("error", () => done(false))
      .listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

/** Linux only: who listens, from /proc. Other people's programs stay unnamed unless we are root. */
function holderOf(port: number): Holder | null {
  try {
    const inode = listeningInode(port);
    if (inode === null) return null;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (holdsSocket(pid, inode)) {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return { pid: Number(pid), command, folder: readlinkSync(`/proc/${pid}/cwd`) };
      }
    }
  } catch {
    // Not Linux, or /proc is hidden: the port and the variable are named anyway.
  }
  return null;
}

function listeningInode(port: number): string | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${wanted}`) === true && fields[3] === "0A") return fields[9] ?? null;
    }
  }
  return null;
}

function holdsSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  } catch {
    return false;
  }
}
