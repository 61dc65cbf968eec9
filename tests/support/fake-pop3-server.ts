import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

export type FakePop3Options = {
  banner?: string;
  /** Lines of CAPA; null: the server knows no CAPA. */
  capabilities?: string[] | null;
  user?: string;
  password?: string;
  /** Messages as text with CRLF lines, not dot-stuffed, one character a byte. */
  messages?: string[];
  /** Takes a command before the server does; true: it was answered here. */
  onCommand?: (line: string, socket: Socket) => boolean;
};

export const apopTimestamp = "<1896.697170952@dbc.mtview.ca.us>";

/** A small POP3 server with one mailbox that remembers everything it was told. */
export class FakePop3Server {
  /** Every command line of every connection. */
  readonly commands: string[] = [];
  /** Numbers that a QUIT really deleted. */
  readonly deleted: number[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
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
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.write(this.#options.banner ?? `+OK Fake ready ${apopTimestamp}\r\n`, "latin1");
    const marked = new Set<number>();
    let name = "";
    let unread = "";
    socket.on("data", (chunk) => {
      unread += chunk.toString("latin1");
      for (let end = unread.indexOf("\r\n"); end !== -1; end = unread.indexOf("\r\n")) {
        const line = unread.slice(0, end);
        unread = unread.slice(end + 2);
        this.commands.push(line);
        if (this.#options.onCommand?.(line, socket)) continue;
        if (line.startsWith("USER ")) name = line.slice(5);
        socket.write(this.#answer(line, name, marked), "latin1");
        if (line === "QUIT") {
          this.deleted.push(...marked);
          socket.end();
        }
      }
    });
  }

  #answer(line: string, name: string, marked: Set<number>): string {
    const { user = "joe", password = "secret", capabilities = ["TOP", "UIDL", "USER", "PIPELINING"] } = this.#options;
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
        return capabilities === null ? "-ERR unknown\r\n" : `+OK\r\n${[...capabilities, "."].join("\r\n")}\r\n`;
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
  const body = message.slice(end).split("\r\n").slice(0, lines);
  return message.slice(0, end) + body.map((line) => `${line}\r\n`).join("");
}
