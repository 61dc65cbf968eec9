import { connect, type Socket } from "node:net";

export type SmtpLoadOptions = {
  ports: readonly number[];
  connections: number;
  /** Gives the next message's id and body size in bytes. */
  next(): { id: string; bytes: number };
  /** Called once for each message that was answered 250 after its final dot. */
  onAccepted(id: string): void;
  /** Messages to send over one connection before QUIT. */
  perConnection: number;
  /** Milliseconds that a sender waits before its next message; absent: it never does. */
  pause?(): number;
};

type Step = "greeting" | "ehlo" | "mail" | "rcpt" | "data" | "dot";

const reconnectMs = 15;

/** Senders that never stop: each sends message after message and connects again when the server goes away. */
export class SmtpLoad {
  accepted = 0;
  refused = 0;
  readonly #options: SmtpLoadOptions;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #running = true;

  constructor(options: SmtpLoadOptions) {
    this.#options = options;
    for (let n = 0; n < options.connections; n++) this.#connect(n);
  }

  /** Stops at once; messages under way count as not accepted. */
  stop(): void {
    this.#running = false;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(n: number): void {
    const port = this.#options.ports[n % this.#options.ports.length] ?? 0;
    const socket = connect(port, "127.0.0.1");
    const sender = new Sender(socket, this.#options, (accepted) => {
      if (accepted) this.accepted += 1;
      else this.refused += 1;
    });
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => sender.take(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (!this.#running) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#connect(n);
      }, reconnectMs);
      this.#timers.add(timer);
    });
  }
}

class Sender {
  readonly #socket: Socket;
  readonly #options: SmtpLoadOptions;
  readonly #count: (accepted: boolean) => void;
  #step: Step = "greeting";
  #unread = "";
  #sent = 0;
  #message = { id: "", bytes: 0 };

  constructor(socket: Socket, options: SmtpLoadOptions, count: (accepted: boolean) => void) {
    this.#socket = socket;
    this.#options = options;
    this.#count = count;
  }

  take(chunk: Buffer): void {
    this.#unread += chunk.toString("latin1");
    for (let end = this.#unread.indexOf("\r\n"); end >= 0; end = this.#unread.indexOf("\r\n")) {
      const line = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end + 2);
      if (line[3] !== "-") this.#answer(line.slice(0, 3));
    }
  }

  #answer(code: string): void {
    const expected = { greeting: "220", ehlo: "250", mail: "250", rcpt: "250", data: "354", dot: "250" }[this.#step];
    if (code !== expected) {
      this.#count(false);
      this.#socket.destroy();
      return;
    }
    if (this.#step === "dot") {
      this.#count(true);
      this.#options.onAccepted(this.#message.id);
      this.#sent += 1;
      const { pause } = this.#options;
      if (pause !== undefined) return void setTimeout(() => this.#say(), pause());
    }
    this.#say();
  }

  #say(): void {
    if (this.#socket.destroyed) return;
    if (this.#step === "dot" && this.#sent >= this.#options.perConnection) {
      this.#socket.end("QUIT\r\n");
      return;
    }
    const [next, command] = this.#following();
    this.#step = next;
    this.#socket.write(command);
  }

  #following(): [Step, string] {
    switch (this.#step) {
      case "greeting":
        return ["ehlo", "EHLO load.test\r\n"];
      case "ehlo":
      case "dot":
        this.#message = this.#options.next();
        return ["mail", `MAIL FROM:<load@sender.test>\r\n`];
      case "mail":
        return ["rcpt", "RCPT TO:<user@inside.test>\r\n"];
      case "rcpt":
        return ["data", "DATA\r\n"];
      case "data":
        return ["dot", loadMessage(this.#message)];
    }
  }
}

const filler = `${"load test ".repeat(7)}\r\n`;

function loadMessage({ id, bytes }: { id: string; bytes: number }): string {
  const head = `From: load@sender.test\r\nSubject: ${id}\r\nX-Load-Id: ${id}\r\n\r\n`;
  return `${head}${filler.repeat(Math.ceil(bytes / filler.length))}end ${id}\r\n.\r\n`;
}

/** The ids of a load message, at its top and at its end, or null when it is not whole. */
export function loadMessageId(message: string): string | null {
  const [, top] = /^X-Load-Id: (\S+)\r$/m.exec(message) ?? [];
  return top !== undefined && message.endsWith(`end ${top}\r\n`) ? top : null;
}
