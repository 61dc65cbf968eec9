import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess } from "./end-process.ts";
import { programPath } from "./requires.ts";
import { waitUntil } from "./wait-until.ts";

export type DovecotAccount = { user: string; password: string };

/** A real Dovecot that only checks logins, for a Postfix that asks it through `socket`. Needs root. */
export class DovecotAuth {
  readonly socket: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, socket: string, process: ChildProcess) {
    this.#folder = folder;
    this.socket = socket;
    this.#process = process;
  }

  /** `mechanisms` as Dovecot writes them: `plain`, `scram-sha-256`. */
  static async start({ user, password }: DovecotAccount, mechanisms: readonly string[]): Promise<DovecotAuth> {
    const folder = mkdtempSync(join(tmpdir(), "postern-dovecot-auth-"));
    chmodSync(folder, 0o755);
    for (const name of ["run", "state"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "users"), `${user}:{PLAIN}${password}\n`, { mode: 0o644 });
    const socket = join(folder, "socket");
    const path = join(folder, "dovecot.conf");
    writeFileSync(path, configuration(folder, socket, mechanisms));
    const process = spawn(programPath("dovecot"), ["-F", "-c", path], { stdio: "ignore" });
    await waitUntil("Dovecot takes logins", () => existsSync(socket));
    return new DovecotAuth(folder, socket, process);
  }

  async stop(): Promise<void> {
    await endProcess("Dovecot", this.#process);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function configuration(folder: string, socket: string, mechanisms: readonly string[]): string {
  const [uid, gid] = ["-u", "-g"].map((flag) => execFileSync("id", [flag, "mail"], { encoding: "utf8" }).trim());
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = ${mechanisms.join(" ")}
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}
}
service auth {
  unix_listener ${socket} {
    mode = 0660
    user = postfix
    group = postfix
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
