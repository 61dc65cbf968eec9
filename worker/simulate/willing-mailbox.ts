import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import { pop3Logins } from "#core/contract/simulation-input.ts";
import type { SessionServices } from "../services.ts";
import { type Place, placeName } from "../upstream/place.ts";
import { Pop3Connection, type ServerLimits } from "../upstream/pop3-connection.ts";
import { Pop3Contact } from "../upstream/pop3-contact.ts";
import { statusSink } from "../upstream/status-sink.ts";
import { connectedPair } from "./connected-pair.ts";
import { WillingAuth } from "./willing-auth.ts";
import { offTheWire, onTheWire } from "./wire-text.ts";

type MailboxServers = SessionServices["pop3Servers"];

/** What a server offers of which nothing is known: everything that a client may need. */
const mechanisms = pop3Logins.filter((login) => login !== "USER" && login !== "APOP");
const capabilities = ["TOP", "UIDL", "USER", "PIPELINING", `SASL ${mechanisms.join(" ")}`, "UTF8", "LANG"];
/** RFC 1939 §7: with a timestamp, so that APOP can be said. */
const banner = "Ready <1.1@rehearsal.invalid>";
const pieceBytes = 64 * 1024;

/** As it goes over the wire, and its size without what that adds (RFC 1939 §11). */
type HeldMessage = { wire: Buffer; size: number };

/** In the place of every route's mailbox servers: lets everybody in, and finds the messages there. Nothing is deleted. */
export class WillingMailboxes implements MailboxServers {
  /** The server that was asked for last. */
  chosen: { route: string; target: string } | null = null;
  readonly #messages: readonly Uint8Array[];
  #held: readonly HeldMessage[] | null = null;

  constructor(messages: readonly Uint8Array[]) {
    this.#messages = messages;
  }

  connect(route: Pop3Route, limits: ServerLimits, done: Parameters<MailboxServers["connect"]>[2]) {
    const [ours, theirs] = connectedPair();
    // Only a trial of a mailbox asks for it.
    this.#held ??= this.#messages.map(heldMessage);
    new WillingMailbox(theirs, this.#held).serve();
    const { replyTimeoutMs } = route;
    const place = placeOfRoute(route);
    const target = placeName(place);
    this.chosen = { route: route.name, target };
    const connection = new Pop3Connection(ours, { target, limits, replyTimeoutMs, ended: () => undefined });
    connection.expectGreeting(
      statusSink(({ text }) => done([], new Pop3Contact(connection, place, text, () => undefined))),
    );
    return { cancel: () => connection.destroy() };
  }

  lastCapabilities(): readonly string[] {
    return capabilities;
  }
}

function heldMessage(message: Uint8Array): HeldMessage {
  const wire = onTheWire(message);
  return { wire, size: offTheWire(wire).length };
}

/** The server that would be asked first. */
function placeOfRoute({ name, targets }: Pop3Route): Place {
  const [first = { host: name, port: 110 }] = targets.toSorted((a, b) => a.priority - b.priority);
  return { host: first.host, port: first.port, address: null };
}

/** One connection of such a server. */
class WillingMailbox {
  readonly #client: Duplex;
  readonly #messages: readonly HeldMessage[];
  #unread = "";
  /** A login that is under way. */
  #auth: WillingAuth | null = null;

  constructor(client: Duplex, messages: readonly HeldMessage[]) {
    this.#client = client;
    this.#messages = messages;
  }

  serve(): void {
    this.#client.on("data", (chunk: Buffer) => this.#read(chunk.toString("latin1")));
    this.#say(`+OK ${banner}`);
  }

  /** Who asks is a session of ours, whose lines are whole and short. */
  #read(text: string): void {
    this.#unread += text;
    const lines = this.#unread.split("\r\n");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#auth === null) this.#answer(line);
      else this.#goOn(this.#auth, this.#auth.answer(line));
    }
  }

  #goOn(auth: WillingAuth, said: string): void {
    this.#auth = auth.isOver ? null : auth;
    this.#say(said);
  }

  #answer(line: string): void {
    const [verb = "", argument, more] = line.split(" ", 3);
    const found = this.#messages[Number(argument) - 1];
    switch (verb) {
      case "CAPA":
        return this.#list(capabilities);
      case "LANG":
        return argument === undefined ? this.#list(["i-default The default"]) : this.#say("+OK");
      case "STAT":
        return this.#say(`+OK ${this.#messages.length} ${this.#messages.reduce((sum, { size }) => sum + size, 0)}`);
      case "LIST":
        return this.#each(argument, ({ size }) => String(size));
      case "UIDL":
        return this.#each(argument, (_, number) => `rehearsed-${number}`);
      case "RETR":
      case "TOP":
        if (found === undefined) return this.#say("-ERR no such message");
        this.#say(`+OK ${found.size} octets`);
        return void this.#pour(verb === "RETR" ? found.wire : topOf(found.wire, Number(more)));
      case "QUIT":
        this.#client.end("+OK Bye\r\n");
        return;
      case "AUTH": {
        const auth = new WillingAuth(argument ?? "", more);
        return this.#goOn(auth, auth.begun);
      }
      default:
        return this.#say("+OK");
    }
  }

  #say(line: string): void {
    this.#client.write(`${line}\r\n`);
  }

  #list(lines: readonly string[]): void {
    this.#client.write(["+OK", ...lines, "."].map((line) => `${line}\r\n`).join(""));
  }

  #each(argument: string | undefined, word: (message: HeldMessage, number: number) => string): void {
    const lines = this.#messages.map((message, index) => `${index + 1} ${word(message, index + 1)}`);
    if (argument === undefined) return this.#list(lines);
    const line = lines[Number(argument) - 1];
    this.#say(line === undefined ? "-ERR no such message" : `+OK ${line}`);
  }

  async #pour(wire: Buffer): Promise<void> {
    for (let at = 0; at < wire.length && !this.#client.destroyed; at += pieceBytes) {
      this.#client.write(wire.subarray(at, at + pieceBytes));
      // Mail goes on meanwhile.
      await setImmediate();
    }
  }
}

/** RFC 1939 §7: the header, the empty line, and so many lines of the body; end mark included. */
function topOf(wire: Buffer, lines: number): Buffer {
  const header = wire.indexOf("\r\n\r\n");
  let end = header === -1 ? wire.length - ".\r\n".length : header + 4;
  for (let left = lines; left > 0 && end < wire.length - ".\r\n".length; left--) end = wire.indexOf("\r\n", end) + 2;
  return Buffer.concat([wire.subarray(0, end), Buffer.from(".\r\n")]);
}
