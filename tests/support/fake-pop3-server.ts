import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { saslSteps } from "./auth-server.ts";
import { type FakeTls, secured } from "./fake-tls.ts";

export type FakePop3Options = {
  banner?: string;
  /** Called with each new connection, after the banner. */
  onConnect?: (socket: Socket) => void;
  /** Lines of CAPA; null: the server knows no CAPA. */
  capabilities?: string[] | null;
  user?: string;
  password?: string;
  /** Lines of CAPA inside TLS; absent: the same, without STLS. */
  capabilitiesInTls?: string[] | null;
  /** STLS is carried out, offered or not. */
  tls?: FakeTls;
  /** AUTH by one of these is carried out, for `user` with `password`, which is the access token of XOAUTH2 and OAUTHBEARER. `impostor`: as in AuthServer. */
  sasl?: { mechanisms: string[]; impostor?: boolean };
  /** Messages as text with CRLF lines, not dot-stuffed, one character a byte. */
  messages?: string[];
  /** Takes a command before the server does; true: it was answered here. */
  onCommand?: (line: string, socket: Socket) => boolean;
};

/** `exchange`: takes the next line of AUTH, while one is under way. */
type Mailbox = { name: string; marked: Set<number>; exchange: ((line: string) => string) | null };

export const apopTimestamp = "<1896.697170952@dbc.mtview.ca.us>";

/** A small POP3 server with one mailbox that remembers everything it was told. */
export class FakePop3Server {
  /** Every command line of every connection. */
  readonly commands: string[] = [];
  /** Numbers that a QUIT really deleted. */
  readonly deleted: number[] = [];
  /** What each exchange of AUTH came to: `PLAIN right`. */
  readonly logins: string[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  /** Where each connection came from. */
  readonly clientAddresses: string[] = [];
  readonly #options: FakePop3Options;
  readonly #server: Server;

  constructor(options: FakePop3Options = {}) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.clientAddresses.push(socket.remoteAddress ?? "");
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const { tls, banner = `+OK Fake ready ${apopTimestamp}\r\n` } = this.#options;
    const talking = tls?.implicit === true ? secured(socket, tls) : socket;
    talking.write(banner, "latin1");
    this.#options.onConnect?.(talking);
    this.#talk(talking);
  }

  #talk(socket: Socket): void {
    const mailbox: Mailbox = { name: "", marked: new Set(), exchange: null };
    const encrypted = socket instanceof TLSSocket;
    let unread = "";
    socket.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      for (let end = unread.indexOf("\r\n"); end !== -1; end = unread.indexOf("\r\n")) {
        const line = unread.slice(0, end);
        unread = unread.slice(end + 2);
        this.commands.push(line);
        if (this.#options.onCommand?.(line, socket)) continue;
        if (line === "STLS" && this.#startTls(socket)) return;
        if (line.startsWith("USER ")) mailbox.name = line.slice(5);
        const said = mailbox.exchange?.(line) ?? this.#begin(line, mailbox) ?? this.#answer(line, mailbox, encrypted);
        socket.write(said, "latin1");
        if (line === "QUIT") {
          this.deleted.push(...mailbox.marked);
          socket.end();
        }
      }
    });
  }

  #startTls(socket: Socket): boolean {
    const { tls } = this.#options;
    if (tls === undefined || socket instanceof TLSSocket) return false;
    socket.removeAllListeners("data");
    socket.pause();
    socket.write(`+OK begin\r\n${tls.injected ?? ""}`, "latin1", () => this.#talk(secured(socket, tls)));
    return true;
  }

  /** Answers AUTH with a mechanism (RFC 5034 §4); null: it is another command. */
  #begin(line: string, mailbox: Mailbox): string | null {
    const [, mechanism, initial] = /^AUTH (\S+)(?: (\S+))?$/.exec(line) ?? [];
    const { sasl, user = "joe", password = "secret" } = this.#options;
    if (mechanism === undefined || sasl?.mechanisms.includes(mechanism) !== true) return null;
    const step = saslSteps(mechanism, { user, password, ...sasl });
    const next = (text: string): string => {
      const said = text === "*" ? false : step(Buffer.from(text === "=" ? "" : text, "base64").toString("latin1"));
      if (typeof said === "string") return `+ ${Buffer.from(said, "latin1").toString("base64")}\r\n`;
      mailbox.exchange = null;
      this.logins.push(`${mechanism} ${text === "*" ? "cancelled" : said ? "right" : "wrong"}`);
      return said ? "+OK logged in\r\n" : "-ERR [AUTH] wrong\r\n";
    };
    mailbox.exchange = next;
    if (initial !== undefined) return next(initial);
    return mechanism === "LOGIN" || mechanism === "CRAM-MD5" ? next("") : "+ \r\n";
  }

  #capabilities(encrypted: boolean): string {
    const { sasl, tls, capabilitiesInTls } = this.#options;
    const usual = ["TOP", "UIDL", "USER", "PIPELINING", ...(sasl ? [`SASL ${sasl.mechanisms.join(" ")}`] : [])];
    const stls = tls === undefined || encrypted ? [] : ["STLS"];
    const { capabilities = [...usual, ...stls] } = this.#options;
    const lines = encrypted && capabilitiesInTls !== undefined ? capabilitiesInTls : capabilities;
    return lines === null ? "-ERR unknown\r\n" : `+OK\r\n${[...lines, "."].join("\r\n")}\r\n`;
  }

  #answer(line: string, { name, marked }: Mailbox, encrypted: boolean): string {
    const { user = "joe", password = "secret" } = this.#options;
    const messages = this.#options.messages ?? [];
    const [verb = "", first = "", second = ""] = line.split(" ");
    const number = Number(first);
    const message = marked.has(number) ? undefined : messages[number - 1];
    const all = messages.map((text, index) => [index + 1, text] as const).filter(([n]) => !marked.has(n));
    switch (verb) {
      case "USER":
      case "NOOP":
      case "QUIT":
        return "+OK\r\n";
      case "PASS":
        return name === user && line === `PASS ${password}` ? "+OK logged in\r\n" : "-ERR [AUTH] wrong\r\n";
      case "APOP": {
        const digest = createHash("md5").update(`${apopTimestamp}${password}`).digest("hex");
        return first === user && second === digest ? "+OK logged in\r\n" : "-ERR [AUTH] wrong\r\n";
      }
      case "CAPA":
        return this.#capabilities(encrypted);
      case "STAT":
        return `+OK ${all.length} ${all.reduce((sum, [, text]) => sum + text.length, 0)}\r\n`;
      case "LIST":
        if (first !== "") return message === undefined ? "-ERR none\r\n" : `+OK ${number} ${message.length}\r\n`;
        return `+OK\r\n${all.map(([n, text]) => `${n} ${text.length}\r\n`).join("")}.\r\n`;
      case "UIDL":
        if (first !== "") return message === undefined ? "-ERR none\r\n" : `+OK ${number} uid-${number}\r\n`;
        return `+OK\r\n${all.map(([n]) => `${n} uid-${n}\r\n`).join("")}.\r\n`;
      case "RETR":
        return message === undefined
          ? "-ERR no such message\r\n"
          : `+OK ${message.length} octets\r\n${stuffed(message)}.\r\n`;
      case "TOP":
        return message === undefined ? "-ERR none\r\n" : `+OK top\r\n${stuffed(top(message, Number(second)))}.\r\n`;
      case "DELE":
        if (message === undefined) return "-ERR none\r\n";
        marked.add(number);
        return "+OK marked\r\n";
      case "RSET":
        marked.clear();
        return "+OK\r\n";
      default:
        return "-ERR unknown\r\n";
    }
  }
}

export function stuffed(text: string): string {
  return text.replace(/^\./, "..").replaceAll("\r\n.", "\r\n..");
}

function top(message: string, lines: number): string {
  const end = message.indexOf("\r\n\r\n") + 4;
  const body = message.slice(end).split("\r\n").slice(0, -1).slice(0, lines);
  return message.slice(0, end) + body.map((line) => `${line}\r\n`).join("");
}
