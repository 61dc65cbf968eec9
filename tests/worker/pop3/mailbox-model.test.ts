import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { FakePop3Server, stuffed } from "../../support/fake-pop3-server.ts";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { startGateway } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const seed = Date.now() % 1_000_000;
const sessions = 12;
const commandsOfASession = 25;

const head = "From: a@b.test\r\nSubject: s\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\n";
const clean = `${head}\r\nhello\r\n.dot\r\n`;
const infected = `${head}Content-Disposition: attachment; filename="x.exe"\r\n\r\n${"MZ\r\n".repeat(300)}`;
const mixed = `${head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n.text\r\n--b\r\nContent-Type: a/b; name=x.doc\r\n\r\nMZ\r\n--b--\r\n`;
const rulesets = {
  attachment: {
    rules: [
      { name: "e", when: { fileName: { like: "*.exe" } }, action: "replace" },
      { name: "d", when: { fileName: { like: "*.doc" } }, action: "strip" },
    ],
  },
};

/** A way to the server on which every answer comes in small pieces, cut anywhere. */
async function cutting(to: number, random: () => number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port: to, host: "127.0.0.1", noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.setNoDelay(true);
    client.on("data", (chunk) => upstream.write(chunk));
    client.on("close", () => upstream.destroy());
    let waiting = Buffer.alloc(0);
    let ended = false;
    const give = (): void => {
      const bytes = 1 + Math.floor(random() ** 3 * 400);
      if (waiting.length > 0) client.write(waiting.subarray(0, bytes));
      waiting = waiting.subarray(bytes);
      if (waiting.length > 0) setImmediate(give);
      else if (ended) client.end();
    };
    upstream.on("data", (chunk) => {
      const idle = waiting.length === 0;
      waiting = Buffer.concat([waiting, chunk]);
      if (idle) give();
    });
    upstream.on("end", () => {
      ended = true;
      if (waiting.length === 0) client.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** What a client is to hear, told apart by nothing but what it said before. */
class Model {
  /** What RETR gave of each message, once that is known, over sessions. */
  readonly shown = new Map<number, string>();
  readonly gone = new Set<number>();
  readonly #messages: readonly string[];
  readonly #deletion: { allow: string; answer: string };

  constructor(messages: readonly string[], deletion: { allow: string; answer: string }) {
    this.#messages = messages;
    this.#deletion = deletion;
  }

  has(n: number): boolean {
    return this.#messages[n - 1] !== undefined && !this.gone.has(n);
  }

  get left(): number[] {
    return this.#messages.map((_, index) => index + 1).filter((n) => !this.gone.has(n));
  }

  size(n: number): number {
    return (this.shown.get(n) ?? this.#messages[n - 1] ?? "").length;
  }

  delete(n: number): boolean {
    const { allow, answer } = this.#deletion;
    if (!this.has(n) || (allow === "never" && answer === "refuse")) return false;
    this.gone.add(n);
    return true;
  }

  /** The message as it was shown, or as it must be shown now. */
  checked(n: number, body: string): string {
    const message = this.#messages[n - 1] ?? "";
    const known = this.shown.get(n);
    if (known === undefined) {
      if (message === clean) expect(body).toBe(clean);
      else expect(body).not.toContain("MZ");
      expect(body.startsWith("From: a@b.test\r\nSubject: s\r\nDate: Mon, 1 Jan 2024")).toBe(true);
      this.shown.set(n, body);
    }
    return this.shown.get(n) ?? "";
  }
}

const wire = (answer: string) => answer.slice(answer.indexOf("\r\n") + 2);
const unstuffed = (body: string) => body.slice(0, -3).replaceAll(/^\.\./gm, ".");

async function step(client: Pop3Client, model: Model, verb: string, n: number): Promise<void> {
  const err = (answer: string) => expect(answer.startsWith("-ERR")).toBe(true);
  switch (verb) {
    case "STAT": {
      const bytes = model.left.reduce((sum, one) => sum + model.size(one), 0);
      return expect(await client.ask("STAT")).toBe(`+OK ${model.left.length} ${bytes}\r\n`);
    }
    case "LIST": {
      const lines = model.left.map((one) => `${one} ${model.size(one)}\r\n`);
      return expect(wire(await client.answer("LIST"))).toBe(`${lines.join("")}.\r\n`);
    }
    case "UIDL": {
      const lines = model.left.map((one) => `${one} uid-${one}\r\n`);
      return expect(wire(await client.answer("UIDL"))).toBe(`${lines.join("")}.\r\n`);
    }
    case "LIST n":
      if (!model.has(n)) return err(await client.ask(`LIST ${n}`));
      return expect(await client.ask(`LIST ${n}`)).toBe(`+OK ${n} ${model.size(n)}\r\n`);
    case "RETR": {
      const answer = await client.answer(`RETR ${n}`);
      if (!model.has(n)) return err(answer);
      return expect(wire(answer)).toBe(`${stuffed(model.checked(n, unstuffed(wire(answer))))}.\r\n`);
    }
    case "TOP": {
      const answer = await client.answer(`TOP ${n} 1000`);
      if (!model.has(n)) return err(answer);
      return expect(wire(answer)).toBe(`${stuffed(model.checked(n, unstuffed(wire(answer))))}.\r\n`);
    }
    case "DELE":
      return expect((await client.ask(`DELE ${n}`)).startsWith("+OK")).toBe(model.delete(n));
    case "RSET":
      expect(await client.ask("RSET")).toBe("+OK\r\n");
      model.gone.clear();
  }
}

const verbs = ["STAT", "LIST", "UIDL", "LIST n", "RETR", "RETR", "TOP", "TOP", "DELE", "DELE", "RSET"];

describe(`a mailbox is the same whoever asks what when, and however the server's bytes are cut (seed ${seed})`, () => {
  it.each([
    ["always", "refuse"],
    ["never", "refuse"],
    ["never", "pretend"],
  ])("where deleting is allowed %s, else: %s", async (allow, answer) => {
    const random = seededRandom(seed);
    const messages = Array.from({ length: 6 }, () => [clean, infected, mixed][Math.floor(random() * 3)] ?? clean);
    const upstream = new FakePop3Server({ messages });
    const port = await cutting(await upstream.listen(), random);
    onTestFinished(() => upstream.close());
    const { gate, client: first } = await startGateway({
      targets: [port],
      rulesets,
      settings: { deletion: { allow, answer } },
    });
    first.socket.destroy();
    const model = new Model(messages, { allow, answer });
    for (let session = 0; session < sessions; session++) {
      const client = new Pop3Client(gate.port);
      onTestFinished(() => void client.socket.destroy());
      await client.login();
      for (let command = 0; command < commandsOfASession; command++) {
        const verb = verbs[Math.floor(random() * verbs.length)] ?? "STAT";
        await step(client, model, verb, 1 + Math.floor(random() * 7));
      }
      // A notice is out before the message in its place was read to its end; the verdict is remembered only then.
      await client.ask("NOOP");
      client.socket.destroy();
      model.gone.clear();
    }
    expect(upstream.deleted).toEqual([]);
  });
});
