import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCertificate } from "./test-authority.ts";
import { waitUntil } from "./wait-until.ts";

/** The domains whose mail a server keeps. */
export const keptDomains = ["inside.test", "outside.test"] as const;

export type MailServerOptions = {
  /** In place of a free one. Postfix only. */
  port?: number;
  /** In place of `keptDomains`. Postfix only. */
  domains?: readonly string[];
  /** Mail is taken from who logs in, and from nobody else: the socket of a Dovecot that checks it. Postfix only. */
  loginSocket?: string;
  /** With it mail is taken inside STARTTLS only. */
  certificate?: TestCertificate;
  /** Nobody sends without logging in as this one. */
  account?: { user: string; password: string };
  /** Mail of every domain goes on to 127.0.0.1 at the port, instead of being kept. */
  relay?: { port: number; tls: "none" | "starttls" | "implicit" };
};

/** A running mail server of the real world, on 127.0.0.1, that keeps what it takes in one maildir. */
export type MailServer = {
  readonly port: number;
  readonly inbox: Inbox;
  stop(): Promise<void>;
};

export class Inbox {
  readonly #folder: string;

  /** `maildir` need not exist yet. */
  constructor(maildir: string) {
    this.#folder = join(maildir, "new");
  }

  /** The delivered message that contains the text, as stored: LF line ends, the server's own lines on top. */
  delivered(containing: string, withinMs = 10_000): Promise<string> {
    return waitUntil(
      `delivery of ${containing}`,
      () => this.stored().find((mail) => mail.includes(containing)),
      withinMs,
    );
  }

  /** Every delivered message, as stored. */
  stored(): string[] {
    try {
      return readdirSync(this.#folder).map((name) => readFileSync(join(this.#folder, name), "latin1"));
    } catch {
      return [];
    }
  }
}

/** A stored message without what servers put on top of it, with the line ends of the wire. */
export function belowTrace(stored: string, expected: string): string {
  const text = Buffer.from(stored, "latin1").toString("utf8").replaceAll("\n", "\r\n");
  return text.slice(text.indexOf(expected.slice(0, expected.indexOf("\r\n"))));
}
