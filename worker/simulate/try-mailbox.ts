import type { Duplex } from "node:stream";
import type { Pop3Input } from "#core/contract/simulation-input.ts";
import { encodeCommand, isMultiLine, type Pop3Command } from "#core/pop3/command.ts";
import type { ResponseSink } from "#core/pop3/response-reader.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Admission } from "../pop3/conversation.ts";
import { LoginFailures } from "../pop3/login-failures.ts";
import { startPop3Session } from "../pop3/session.ts";
import { Pop3Connection } from "../upstream/pop3-connection.ts";
import { connectedPair } from "./connected-pair.ts";
import type { Exchange } from "./try-message.ts";

/** `retrieved`: what RETR gave, dots undone; null: it gave none. */
export type TriedMailbox = { exchanges: Exchange[]; retrieved: Buffer | null };

/** Of our own answers, bytes. */
const answerLimits = { responseBytesMax: 12_288, authBytesMax: 12_288 };
/** Longer than any message takes to be judged, in milliseconds. */
const silenceMsMax = 600_000;
/** Any password does. */
const secret = "rehearsed";
const topLines = 20;

/**
 * Logs in to the worker's own session, over a connection that never leaves the process, and says what the client wants to say. Ends with the
 * session over and nothing left of it; rejects with the signal's reason when it is cut.
 */
export async function tryMailbox(
  admission: Pop3Admission,
  input: Pop3Input,
  signal: AbortSignal,
): Promise<TriedMailbox> {
  const [ours, theirs] = connectedPair();
  const ended = Promise.withResolvers<void>();
  const failures = new LoginFailures(admission.services.now);
  const session = startPop3Session(theirs, { ...admission, onEnd: ended.resolve }, failures);
  const client = new MailboxClient(ours, input, admission.tls?.settings.mode === "implicit");
  const cut = (): void => void ours.destroy();
  signal.addEventListener("abort", cut);
  try {
    await client.run();
  } finally {
    signal.removeEventListener("abort", cut);
    ours.destroy();
    session.destroy();
    await ended.promise;
  }
  signal.throwIfAborted();
  return { exchanges: client.exchanges, retrieved: client.retrieved };
}

type Answer = { status: StatusLine; body: Buffer };

class MailboxClient {
  readonly exchanges: Exchange[] = [];
  retrieved: Buffer | null = null;
  readonly #input: Pop3Input;
  readonly #beginsInTls: boolean;
  readonly #connection: Pop3Connection;
  #isOver = false;

  constructor(socket: Duplex, input: Pop3Input, beginsInTls: boolean) {
    this.#input = input;
    this.#beginsInTls = beginsInTls;
    this.#connection = new Pop3Connection(socket, {
      target: "the rehearsed session",
      limits: answerLimits,
      replyTimeoutMs: silenceMsMax,
      ended: () => undefined,
    });
  }

  async run(): Promise<void> {
    const isIn = (await this.#connect()) && (await this.#logIn());
    for (const verb of isIn ? this.#input.commands : []) {
      const answer = await this.#say(commandOf(verb));
      if (verb === "RETR" && answer?.status.ok === true) this.retrieved = answer.body;
    }
    await this.#say({ verb: "QUIT" });
  }

  async #connect(): Promise<boolean> {
    const greeting = await this.#hear((sink) => this.#connection.expectGreeting(sink));
    this.#tell("(connects)", false, greeting);
    return greeting?.status.ok === true;
  }

  async #logIn(): Promise<boolean> {
    const { user, login, tls } = this.#input;
    const name = Buffer.from(user, "utf8").toString("latin1");
    if (tls && !this.#beginsInTls && !(await this.#does({ verb: "STLS" }))) return false;
    switch (login) {
      case "USER":
        return (await this.#does({ verb: "USER", name })) && (await this.#does({ verb: "PASS", secret }));
      case "APOP":
        return this.#does({ verb: "APOP", name, digest: "0".repeat(32) });
      case "PLAIN": {
        const initial = Buffer.from(`\0${user}\0${secret}`, "utf8").toString("base64");
        return this.#does({ verb: "AUTH", mechanism: "PLAIN", initial });
      }
      default:
        return login satisfies never;
    }
  }

  async #does(command: Pop3Command): Promise<boolean> {
    return (await this.#say(command))?.status.ok === true;
  }

  /** null: the session is over. */
  async #say(command: Pop3Command): Promise<Answer | null> {
    if (this.#isOver) return null;
    const isLong = isMultiLine(command);
    const answer = await this.#hear((sink) => this.#connection.request(encodeCommand(command), isLong, sink));
    this.#tell(withoutSecret(command), isLong && command.verb !== "RETR" && command.verb !== "TOP", answer);
    return answer;
  }

  #hear(ask: (sink: ResponseSink) => void): Promise<Answer | null> {
    return new Promise((resolve) => {
      this.#connection.onLost = () => {
        this.#isOver = true;
        resolve(null);
      };
      ask(answerSink(resolve));
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

function commandOf(verb: Pop3Input["commands"][number]): Pop3Command {
  switch (verb) {
    case "TOP":
      return { verb, message: 1, lines: topLines };
    case "RETR":
    case "DELE":
      return { verb, message: 1 };
    case "LIST":
    case "UIDL":
      return { verb, message: null };
    case "CAPA":
    case "STAT":
      return { verb };
    default:
      return verb satisfies never;
  }
}

/** As it is shown: nobody is to take ours for a password. */
function withoutSecret(command: Pop3Command): string {
  switch (command.verb) {
    case "PASS":
      return "PASS (the password)";
    case "APOP":
      return `APOP ${command.name} (the digest)`;
    case "AUTH":
      return `AUTH ${command.mechanism} (user and password)`;
    default:
      return encodeCommand(command).trimEnd();
  }
}
