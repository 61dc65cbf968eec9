import type { Pop3Input } from "#core/contract/simulation-input.ts";
import type { Pop3Command } from "#core/pop3/command.ts";
import type { Pop3Admission } from "../pop3/conversation.ts";
import { LoginFailures } from "../pop3/login-failures.ts";
import { startPop3Session } from "../pop3/session.ts";
import { connectedPair } from "./connected-pair.ts";
import { MailboxClient } from "./mailbox-client.ts";
import { rehearsedExchange, secret } from "./rehearsed-login.ts";
import type { Exchange } from "./try-message.ts";

/** `retrieved`: what RETR gave, dots undone, of each message by its number. */
export type TriedMailbox = { exchanges: Exchange[]; retrieved: { number: number; bytes: Buffer }[] };

const topLines = 20;

/**
 * Logs in to the worker's own session, over a connection that never leaves the process, and says what the client wants to say. Ends with the
 * session over and nothing left of it; rejects with the signal's reason when it is cut. `messages`: how many lie in the mailbox.
 */
export async function tryMailbox(
  admission: Pop3Admission,
  input: Pop3Input,
  { messages, signal }: { messages: number; signal: AbortSignal },
): Promise<TriedMailbox> {
  const [ours, theirs] = connectedPair();
  const ended = Promise.withResolvers<void>();
  const failures = new LoginFailures(admission.services.now);
  const session = startPop3Session(theirs, { ...admission, onEnd: ended.resolve }, failures);
  const client = new MailboxClient(ours);
  const cut = (): void => void ours.destroy();
  signal.addEventListener("abort", cut);
  const retrieved: TriedMailbox["retrieved"] = [];
  try {
    const isIn = (await client.connect()) && (await logIn(client, input, admission.tls?.settings.mode === "implicit"));
    for (const command of isIn ? commandsOf(input, messages) : []) {
      const answer = await client.say(command);
      if (command.verb === "RETR" && answer?.status.ok === true)
        retrieved.push({ number: command.message, bytes: answer.body });
    }
    await client.say({ verb: "QUIT" });
  } finally {
    signal.removeEventListener("abort", cut);
    ours.destroy();
    session.destroy();
    await ended.promise;
  }
  signal.throwIfAborted();
  return { exchanges: client.exchanges, retrieved };
}

async function logIn(client: MailboxClient, input: Pop3Input, beginsInTls: boolean): Promise<boolean> {
  const { user, login, tls, utf8, language } = input;
  const name = Buffer.from(user, "utf8").toString("latin1");
  if (tls && !beginsInTls && !(await client.does({ verb: "STLS" }))) return false;
  if (language !== null) await client.say({ verb: "LANG", tag: language });
  if (utf8) await client.say({ verb: "UTF8" });
  switch (login) {
    case "USER":
      return (await client.does({ verb: "USER", name })) && (await client.does({ verb: "PASS", secret }));
    case "APOP":
      return client.does({ verb: "APOP", name, digest: "0".repeat(32) });
    default:
      return client.authenticate(rehearsedExchange(login, user));
  }
}

function commandsOf({ commands }: Pop3Input, messages: number): Pop3Command[] {
  const numbers = Array.from({ length: messages }, (_, index) => index + 1);
  return commands.flatMap((verb): Pop3Command[] => {
    switch (verb) {
      case "TOP":
        return numbers.map((message) => ({ verb, message, lines: topLines }));
      case "RETR":
      case "DELE":
        return numbers.map((message) => ({ verb, message }));
      case "LIST":
      case "UIDL":
        return [{ verb, message: null }];
      case "LANG":
        return [{ verb, tag: null }];
      case "CAPA":
      case "STAT":
        return [{ verb }];
      default:
        return verb satisfies never;
    }
  });
}
