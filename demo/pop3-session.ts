import { createHash, randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import { LineReader } from "#core/bytes/line-reader.ts";
import type { Mailboxes, StoredMessage } from "./mailboxes.ts";

const commandBytesMax = 512;
const capabilities = [
  "TOP",
  "USER",
  "UIDL",
  "SASL PLAIN",
  "PIPELINING",
  "RESP-CODES",
  "AUTH-RESP-CODE",
  "IMPLEMENTATION Postern-demo",
];

type Transaction = { user: string; messages: readonly StoredMessage[]; deleted: Set<number> };

/** One POP3 client of the demo mail server (RFC 1939, RFC 2449, RFC 5034): every user name, one password. */
export class DemoPop3Session {
  readonly #socket: Socket;
  readonly #mailboxes: Mailboxes;
  readonly #password: string;
  readonly #timestamp = `<${randomBytes(8).toString("hex")}@demo.postern.invalid>`;
  readonly #lines = new LineReader(commandBytesMax);
  #user: string | null = null;
  #open: Transaction | null = null;
  /** The next line is the client's answer to AUTH PLAIN. */
  #inExchange = false;

  constructor(socket: Socket, mailboxes: Mailboxes, password: string) {
    this.#socket = socket;
    this.#mailboxes = mailboxes;
    this.#password = password;
    socket.on("data", (chunk: Buffer) => {
      this.#lines.push(chunk);
      for (let line = this.#lines.next(); line !== null && socket.writable; line = this.#lines.next()) {
        this.#command(line.fault === null ? Buffer.from(line.bytes).toString("latin1") : "");
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#release());
    this.#reply(`+OK Postern demo mail server ${this.#timestamp}`);
  }

  #command(line: string): void {
    if (this.#inExchange) return this.#plain(line);
    const [word = "", ...args] = line.split(" ");
    const verb = word.toUpperCase();
    if (verb === "QUIT") this.#quit();
    else if (verb === "CAPA") this.#reply(["+OK", ...capabilities, "."].join("\r\n"));
    else if (this.#open === null) this.#authorise(verb, args);
    else this.#transact(this.#open, verb, args);
  }

  #authorise(verb: string, args: string[]): void {
    if (verb === "USER" && args[0] !== undefined) {
      this.#user = args[0];
      this.#reply("+OK");
    } else if (verb === "PASS" && this.#user !== null) {
      this.#login(this.#user, args.join(" ") === this.#password);
    } else if (verb === "APOP" && args.length === 2) {
      const digest = createHash("md5")
        .update(this.#timestamp + this.#password)
        .digest("hex");
      this.#login(args[0] ?? "", args[1] === digest);
    } else if (verb === "AUTH" && args[0]?.toUpperCase() === "PLAIN" && args.length < 3) {
      if (args[1] !== undefined) return this.#plain(args[1]);
      this.#inExchange = true;
      this.#reply("+ ");
    } else this.#reply("-ERR Log in first");
  }

  /** RFC 4616: an identity to act for, which there is none of here, the user and the password. RFC 5034 §4: `*` gives it up. */
  #plain(response: string): void {
    this.#inExchange = false;
    if (response === "*") return this.#reply("-ERR Login given up");
    const [actFor, user = "", password] = Buffer.from(response, "base64").toString().split("\0");
    this.#login(user, user !== "" && (actFor === "" || actFor === user) && password === this.#password);
  }

  #login(user: string, valid: boolean): void {
    this.#user = null;
    if (!valid) this.#reply("-ERR [AUTH] Wrong name or password");
    else if (!this.#mailboxes.lock(user)) this.#reply("-ERR [IN-USE] Another session has this mailbox");
    else {
      this.#open = { user, messages: this.#mailboxes.messages(user), deleted: new Set() };
      this.#reply(`+OK ${this.#open.messages.length} messages`);
    }
  }

  #transact(open: Transaction, verb: string, args: string[]): void {
    switch (verb) {
      case "NOOP":
        return this.#reply("+OK");
      case "RSET":
        open.deleted.clear();
        return this.#reply("+OK");
      case "STAT": {
        const left = present(open);
        return this.#reply(`+OK ${left.length} ${left.reduce((sum, [, message]) => sum + message.bytes.length, 0)}`);
      }
      case "LIST":
        return this.#listing(open, args[0], (message) => String(message.bytes.length));
      case "UIDL":
        return this.#listing(open, args[0], (message) => message.uid);
      case "RETR":
        return this.#send(pick(open, args[0]), null);
      case "TOP":
        return this.#send(/^\d+$/.test(args[1] ?? "") ? pick(open, args[0]) : null, Number(args[1]));
      case "DELE":
        if (pick(open, args[0]) === null) return this.#reply("-ERR No such message");
        open.deleted.add(Number(args[0]));
        return this.#reply("+OK");
      default:
        return this.#reply("-ERR Unknown command");
    }
  }

  #listing(open: Transaction, number: string | undefined, describe: (message: StoredMessage) => string): void {
    if (number !== undefined) {
      const message = pick(open, number);
      return this.#reply(message === null ? "-ERR No such message" : `+OK ${Number(number)} ${describe(message)}`);
    }
    const rows = present(open).map(([at, message]) => `${at} ${describe(message)}\r\n`);
    this.#reply(`+OK\r\n${rows.join("")}.`);
  }

  #send(message: StoredMessage | null, bodyLines: number | null): void {
    if (message === null) return this.#reply("-ERR No such message");
    this.#socket.cork();
    this.#reply(`+OK ${message.bytes.length} octets`);
    const encoder = new DotEncoder((slice) => this.#socket.write(slice));
    encoder.write(bodyLines === null ? message.bytes : topOf(message.bytes, bodyLines));
    encoder.end();
    this.#socket.uncork();
  }

  #quit(): void {
    if (this.#open !== null) {
      const gone = [...this.#open.deleted].flatMap((at) => this.#open?.messages[at - 1]?.uid ?? []);
      this.#mailboxes.remove(this.#open.user, new Set(gone));
    }
    this.#release();
    this.#socket.end("+OK Bye\r\n");
  }

  #release(): void {
    if (this.#open !== null) this.#mailboxes.unlock(this.#open.user);
    this.#open = null;
  }

  #reply(text: string): void {
    this.#socket.write(`${text}\r\n`);
  }
}

function present({ messages, deleted }: Transaction): [number, StoredMessage][] {
  return [...messages.entries()].flatMap(([at, message]) => (deleted.has(at + 1) ? [] : [[at + 1, message]]));
}

function pick(open: Transaction, number: string | undefined): StoredMessage | null {
  if (number === undefined || !/^\d{1,9}$/.test(number) || open.deleted.has(Number(number))) return null;
  return open.messages[Number(number) - 1] ?? null;
}

/** RFC 1939 §7: the header, the blank line and so many lines of the body. */
function topOf(bytes: Uint8Array, bodyLines: number): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return bytes;
  let end = headEnd + 4;
  for (let line = 0; line < bodyLines && end < text.length; line++) {
    const next = text.indexOf("\r\n", end);
    end = next === -1 ? text.length : next + 2;
  }
  return bytes.subarray(0, end);
}
