import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import type { SessionServices } from "../services.ts";
import { type Place, placeName } from "../upstream/place.ts";
import { Pop3Connection, type ServerLimits } from "../upstream/pop3-connection.ts";
import { Pop3Contact } from "../upstream/pop3-contact.ts";
import { statusSink } from "../upstream/status-sink.ts";
import { connectedPair } from "./connected-pair.ts";
import { offTheWire, onTheWire } from "./wire-text.ts";

type MailboxServers = SessionServices["pop3Servers"];

/** What a server offers of which nothing is known: everything that a client may need. */
const capabilities = ["TOP", "UIDL", "USER", "PIPELINING", "SASL PLAIN", "UTF8", "LANG"];
/** RFC 1939 §7: with a timestamp, so that APOP can be said. */
const banner = "Ready <1.1@rehearsal.invalid>";
const pieceBytes = 64 * 1024;

/** As it goes over the wire, and its size without what that adds (RFC 1939 §11). */
type HeldMessage = { wire: Buffer; size: number };

/** In the place of every route's mailbox servers: lets everybody in, and finds the one message there, or none. Nothing is deleted. */
export class WillingMailboxes implements MailboxServers {
  readonly #message: Uint8Array | null;
  #held: HeldMessage | null = null;

  constructor(message: Uint8Array | null) {
    this.#message = message;
  }

  connect(route: Pop3Route, limits: ServerLimits, done: Parameters<MailboxServers["connect"]>[2]) {
    const [ours, theirs] = connectedPair();
    // Only a trial of a mailbox asks for it.
    if (this.#message !== null) this.#held ??= heldMessage(this.#message);
    new WillingMailbox(theirs, this.#held).serve();
    const { replyTimeoutMs } = route;
    const place = placeOfRoute(route);
    const target = placeName(place);
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
  readonly #message: HeldMessage | null;
  #unread = "";

  constructor(client: Duplex, message: HeldMessage | null) {
    this.#client = client;
    this.#message = message;
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
    for (const line of lines) this.#answer(line);
  }

  #answer(line: string): void {
    const [verb = "", argument] = line.split(" ", 2);
    switch (verb) {
      case "CAPA":
        return this.#list(capabilities);
      case "LANG":
        return argument === undefined ? this.#list(["i-default The default"]) : this.#say("+OK");
      case "STAT":
        return this.#say(this.#message === null ? "+OK 0 0" : `+OK 1 ${this.#message.size}`);
      case "LIST":
        return this.#each(argument, String(this.#message?.size));
      case "UIDL":
        return this.#each(argument, "rehearsed");
      case "RETR":
      case "TOP":
        if (this.#message === null) return this.#say("-ERR no such message");
        this.#say(`+OK ${this.#message.size} octets`);
        return void this.#pour(
          verb === "RETR" ? this.#message.wire : topOf(this.#message.wire, Number(line.split(" ")[2])),
        );
      case "QUIT":
        this.#client.end("+OK Bye\r\n");
        return;
      case "AUTH":
        // RFC 5034 §4: a first answer that is too long for the command comes on its own.
        return this.#say(line.split(" ").length > 2 ? "+OK" : "+ ");
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

  #each(argument: string | undefined, word: string): void {
    if (argument === undefined) this.#list(this.#message === null ? [] : [`1 ${word}`]);
    else this.#say(this.#message === null ? "-ERR no such message" : `+OK 1 ${word}`);
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
