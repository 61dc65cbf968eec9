import type { SmtpRoute } from "#core/contract/policy-document.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { type SmtpLeases, SmtpTransaction } from "../upstream/smtp-transaction.ts";
import type { KnownRecipients } from "./known-recipients.ts";

/** Answers that are kept, about 10 MB; past it the one that was learned first is forgotten. */
export const calloutAnswersMax = 50_000;

/** Questions at once, so that a client that guesses addresses leaves connections for mail; past it the answer is unclear. */
export const calloutsAtOnceMax = 100;

/** exists, unknown: what the server said of the recipient. unclear: it could not be asked, or answered something else. */
export type CalloutFinding = "exists" | "unknown" | "unclear";

/** How long answers are believed; `knownDays`: how long a recipient counts as known that the server took, while it cannot be asked. */
export type CalloutTerms = { positiveMinutes: number; negativeMinutes: number; knownDays: number };

type Known = { finding: "exists" | "unknown"; until: number };
type Taker = (finding: CalloutFinding) => void;

/** What servers said of recipients: asked with MAIL and RCPT and no message, one question at a time for each address, and kept for a while. */
export class RecipientCallouts {
  readonly #pool: SmtpLeases;
  readonly #now: () => number;
  readonly #known: Pick<KnownRecipients, "note" | "forget" | "tookWithin">;
  readonly #answersMax: number;
  readonly #atOnceMax: number;
  readonly #answers = new Map<string, Known>();
  readonly #asking = new Map<string, Taker[]>();

  constructor(
    pool: SmtpLeases,
    now: () => number,
    known: Pick<KnownRecipients, "note" | "forget" | "tookWithin">,
    caps: { answersMax?: number; atOnceMax?: number } = {},
  ) {
    this.#pool = pool;
    this.#now = now;
    this.#known = known;
    this.#answersMax = caps.answersMax ?? calloutAnswersMax;
    this.#atOnceMax = caps.atOnceMax ?? calloutsAtOnceMax;
  }

  /** Calls back once, perhaps before it returns. */
  ask(route: SmtpRoute, address: string, terms: CalloutTerms, done: Taker): void {
    const key = keyOf(route, address);
    const known = this.#recall(key);
    if (known !== null) return done(known);
    const waiting = this.#asking.get(key);
    if (waiting !== undefined) {
      waiting.push(done);
      return;
    }
    if (this.#asking.size >= this.#atOnceMax) return done("unclear");
    const takers = [done];
    this.#asking.set(key, takers);
    this.#callOut(route, address, (said) => {
      this.#asking.delete(key);
      const learned = said === null ? "unclear" : this.learn(route, address, said, terms);
      const isKnown = learned === "unclear" && this.#known.tookWithin(route.name, address, terms.knownDays);
      const finding = isKnown ? "exists" : learned;
      for (const taker of takers) taker(finding);
    });
  }

  /** Keeps what a server said to RCPT. Only a refusal that is about the recipient tells that there is none. */
  learn(route: SmtpRoute, address: string, said: Reply, terms: CalloutTerms): CalloutFinding {
    const refused = refusesRecipient(said);
    if (said.code >= 300 && !refused) return "unclear";
    const finding = refused ? "unknown" : "exists";
    if (refused) this.#known.forget(route.name, address);
    else this.#known.note(route.name, address);
    const minutes = refused ? terms.negativeMinutes : terms.positiveMinutes;
    this.#keep(keyOf(route, address), { finding, until: this.#now() + minutes * 60_000 });
    return finding;
  }

  #recall(key: string): Known["finding"] | null {
    const known = this.#answers.get(key);
    if (known === undefined) return null;
    if (this.#now() < known.until) return known.finding;
    this.#answers.delete(key);
    return null;
  }

  #keep(key: string, known: Known): void {
    this.#answers.delete(key);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= this.#answersMax && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(key, known);
  }

  /** RFC 5321 §4.5.5: nobody is to answer a question, so it has the null path. Null: no answer, or one about the sender. */
  #callOut(route: SmtpRoute, address: string, done: (said: Reply | null) => void): void {
    const parameters = /[^\x00-\x7f]/.test(address) ? ["SMTPUTF8"] : [];
    const transaction = new SmtpTransaction(this.#pool, route, { sender: "", parameters, size: null });
    transaction.recipient({ address, parameters: [] }, (_error, said) => {
      const aboutRecipient = transaction.senderTaken;
      transaction.abort();
      done(aboutRecipient ? said : null);
    });
  }
}

/**
 * RFC 3463 §3: X.1.7 to X.1.9 are about the sender, X.2.2 and X.2.3 about a mailbox that exists, X.3 and X.5 to X.7 about the server, the
 * protocol, the content and policy. Without an enhanced code, RFC 5321 §4.2.3 has three codes for a mailbox.
 */
function refusesRecipient({ code, enhanced }: Reply): boolean {
  if (enhanced === null) return code === 550 || code === 551 || code === 553;
  return code >= 500 && code <= 559 && !/^5\.(?:1\.[789]|2\.[23]|[3567]\.\d+)$/.test(enhanced);
}

function keyOf({ name }: SmtpRoute, address: string): string {
  return `${name}\n${address}`;
}
