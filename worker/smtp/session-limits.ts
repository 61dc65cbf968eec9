import type { SmtpLimits } from "#core/contract/limits.ts";
import type { AutoBanCause } from "#core/contract/smtp-settings.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { Verb } from "#core/smtp/states.ts";

/** Why a session ends: `reply` for the client, `words` for the records, `ban` for autoBan. */
export type LimitPassed = { reply: Reply; words: string; ban: AutoBanCause | null };

/** RFC 5321 §3.1: the server speaks first. */
export const earlyTalk: LimitPassed = {
  reply: replies.earlyTalker,
  words: "greetingDelayMs: it talks before the greeting",
  ban: "early-talk",
};

/** Commands that bring a message no further. */
const junk: readonly Verb[] = ["NOOP", "RSET", "VRFY", "EXPN", "HELP", "ETRN", "EHLO", "HELO"];

/** Counts what a client does in one session. */
export class SessionLimits {
  readonly #limits: SmtpLimits;
  #errors = 0;
  #junkCommands = 0;
  #messages = 0;
  #failedLogins = 0;
  #refusedLogins = 0;

  constructor(limits: SmtpLimits) {
    this.#limits = limits;
  }

  /** How long the next answer is held back, in milliseconds. */
  get answerDelayMs(): number {
    return this.#errors >= this.#limits.errorsSoftMax ? this.#limits.errorDelayMs : 0;
  }

  /** An answer goes out. */
  answered({ code }: Reply): LimitPassed | null {
    if (code < 500 || ++this.#errors < this.#limits.errorsMax) return null;
    return { reply: replies.tooManyErrors, words: `errorsMax: ${this.#errors} errors in one session`, ban: "errors" };
  }

  command(verb: Verb): LimitPassed | null {
    if (!junk.includes(verb) || ++this.#junkCommands <= this.#limits.junkCommandsMax) return null;
    const words = `junkCommandsMax: ${this.#junkCommands} commands without a message`;
    return { reply: replies.tooManyJunkCommands, words, ban: "junk" };
  }

  /** MAIL was said. */
  messageBegun(): LimitPassed | null {
    if (++this.#messages <= this.#limits.messagesMax) return null;
    return {
      reply: replies.tooManyMessages,
      words: `messagesMax: ${this.#limits.messagesMax} messages in one session`,
      ban: null,
    };
  }

  /** A whole message was sent, whatever became of it. */
  messageEnded(): void {
    this.#junkCommands = 0;
  }

  /** `refused`: the server said no; else it could not say, or the client gave up. */
  loginFailed(refused: boolean): LimitPassed | null {
    if (refused) this.#refusedLogins++;
    if (++this.#failedLogins < this.#limits.authFailuresMax) return null;
    const words = `authFailuresMax: ${this.#failedLogins} failed logins in one session`;
    // Nobody is banned for a server that is down.
    const ban = this.#refusedLogins < this.#limits.authFailuresMax ? null : "auth-failures";
    return { reply: replies.tooManyLogins, words, ban };
  }
}
