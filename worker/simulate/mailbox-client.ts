import type { Duplex } from "node:stream";
import { encodeCommand, isMultiLine, type Pop3Command } from "#core/pop3/command.ts";
import type { ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { SaslExchange } from "../upstream/sasl/exchange.ts";
import { answerTo } from "./rehearsed-login.ts";
import type { Exchange } from "./try-message.ts";

/** Of our own answers, bytes. */
const answerLimits = { responseBytesMax: 12_288, authBytesMax: 12_288 };
/** Longer than any message takes to be judged, in milliseconds. */
const silenceMsMax = 600_000;

type Answer = { status: StatusLine; body: Buffer };

/** A client of a session of ours, which writes down what is said. What it says of passwords is not shown. */
export class MailboxClient {
  readonly exchanges: Exchange[] = [];
  readonly #connection: Pop3Connection;
  #isOver = false;

  constructor(socket: Duplex) {
    this.#connection = new Pop3Connection(socket, {
      target: "the rehearsed session",
      limits: answerLimits,
      replyTimeoutMs: silenceMsMax,
      ended: () => undefined,
    });
  }

  /** Whether the greeting is a yes. */
  async connect(): Promise<boolean> {
    const greeting = await this.#hear<Answer>((done) => this.#connection.expectGreeting(answerSink(done)));
    this.#tell("(connects)", false, greeting);
    return greeting?.status.ok === true;
  }

  async does(command: Pop3Command): Promise<boolean> {
    return (await this.say(command))?.status.ok === true;
  }

  /** null: the session is over. */
  async say(command: Pop3Command): Promise<Answer | null> {
    if (this.#isOver) return null;
    const isLong = isMultiLine(command);
    const answer = await this.#hear<Answer>((done) =>
      this.#connection.request(encodeCommand(command), isLong, answerSink(done)),
    );
    this.#tell(withoutSecret(command), isLong && command.verb !== "RETR" && command.verb !== "TOP", answer);
    return answer;
  }

  /** RFC 5034 §4: line after line, until the session says yes or no. */
  async authenticate({ exchange, words }: { exchange: SaslExchange; words: readonly string[] }): Promise<boolean> {
    const { mechanism, initial } = exchange;
    const parts = [...words];
    const first = initial === null ? null : Buffer.from(initial).toString("base64");
    let said = `AUTH ${mechanism}${first === null ? "" : ` (${parts.shift()})`}`;
    let line = encodeCommand({ verb: "AUTH", mechanism, initial: first });
    while (!this.#isOver) {
      const sent = line;
      const answer = await this.#hear<string | StatusLine>((done) =>
        this.#connection.exchange(sent, { challenge: done, status: done }),
      );
      if (answer === null || typeof answer !== "string") {
        this.#tell(said, false, answer === null ? null : { status: answer, body: Buffer.alloc(0) });
        return answer?.ok === true;
      }
      this.exchanges.push({ said, reply: `+ ${answer}`.trimEnd() });
      said = `(${parts.shift() ?? "nothing"})`;
      line = `${await answerTo(exchange, answer)}\r\n`;
    }
    return false;
  }

  #hear<Heard>(ask: (done: (heard: Heard) => void) => void): Promise<Heard | null> {
    return new Promise((resolve) => {
      this.#connection.onLost = () => {
        this.#isOver = true;
        resolve(null);
      };
      ask(resolve);
    });
  }

  #tell(said: string, showsBody: boolean, answer: Answer | null): void {
    if (answer === null) return void this.exchanges.push({ said, reply: null });
    const body = showsBody ? answer.body.toString("latin1") : "";
    this.exchanges.push({ said, reply: `${encodeStatusLine(answer.status)}${body}`.trimEnd() });
  }
}

function answerSink(done: (answer: Answer) => void): ResponseSink {
  const pieces: Buffer[] = [];
  let status: StatusLine = { ok: false, text: "" };
  return {
    status: (line) => {
      status = line;
    },
    decoded: (slice) => void pieces.push(Buffer.from(slice)),
    wire: () => undefined,
    end: () => done({ status, body: Buffer.concat(pieces) }),
  };
}

/** As it is shown: nobody is to take ours for a password. */
function withoutSecret(command: Pop3Command): string {
  switch (command.verb) {
    case "PASS":
      return "PASS (the password)";
    case "APOP":
      return `APOP ${command.name} (the digest)`;
    default:
      return encodeCommand(command).trimEnd();
  }
}
