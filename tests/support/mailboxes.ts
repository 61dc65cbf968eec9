import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCertificate } from "./test-authority.ts";

export const mailboxPassword = "open-sesame";

/** Everybody who may ever have a mailbox: servers learn of them at their start. */
export const mailboxUsers: readonly string[] = Array.from({ length: 200 }, (_, n) => `user${n + 1}`);

export type MailboxServerOptions = {
  /** With it there is STLS on `port`, and `tlsPort` speaks TLS from the first byte. */
  certificate?: TestCertificate;
};

/** A running POP3 server of the real world, on 127.0.0.1. */
export type MailboxServer = {
  readonly port: number;
  readonly tlsPort: number;
  readonly mailboxes: Mailboxes;
  stop(): Promise<void>;
};

/** Maildirs below a folder, one a user, that belong to the system's user `mail`. */
export class Mailboxes {
  readonly owner = mailUser();
  readonly #folder: string;
  #serial = 0;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Where the user's Maildir is. */
  home(user: string): string {
    return join(this.#folder, user);
  }

  /** Makes a mailbox with the messages (CRLF text) in this order and gives its user; the password is `mailboxPassword`. */
  add(messages: readonly string[]): string {
    const user = mailboxUsers[this.#count++];
    if (user === undefined) throw new Error("more mailboxes than users");
    for (const name of ["cur", "new", "tmp"]) mkdirSync(join(this.home(user), "Maildir", name), { recursive: true });
    this.#give(this.home(user));
    for (const name of ["", "cur", "new", "tmp"]) this.#give(join(this.home(user), "Maildir", name));
    this.deliver(user, messages);
    return user;
  }

  /** More messages for a mailbox, behind those that it has. */
  deliver(user: string, messages: readonly string[]): void {
    for (const text of messages) {
      this.#serial += 1;
      const file = join(this.home(user), "Maildir", "new", `${1_700_000_000 + this.#serial}.M${this.#serial}.test`);
      writeFileSync(file, text.replaceAll("\r\n", "\n"));
      this.#give(file);
    }
  }

  /** How many messages the mailbox holds now. */
  count(user: string): number {
    return ["new", "cur"].reduce((sum, name) => sum + readdirSync(join(this.home(user), "Maildir", name)).length, 0);
  }

  #give(path: string): void {
    chownSync(path, this.owner.uid, this.owner.gid);
  }
}

function mailUser(): { uid: number; gid: number } {
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "mail"], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) throw new Error("there is no user mail");
  return { uid, gid };
}
