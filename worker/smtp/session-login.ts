import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { decide } from "#core/policy/decide.ts";
import { authLineBytesMax, isBase64, saslUser } from "#core/sasl/sasl-user.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import type { Admission } from "../services.ts";
import type { LeasedConnection, SmtpLeases } from "../upstream/smtp-transaction.ts";
import { type Answer, refusal } from "./answer.ts";
import { BoundUpstream } from "./bound-upstream.ts";
import { tlsFact } from "./envelope-facts.ts";
import { type Client, type Login, sessionEvent } from "./message-record.ts";

/** challenge: the server's 334, base64. succeeded: `bound` carries what follows. failed: our reply, and why; `refused`: the server refused the login itself. */
export type LoginStep =
  | { kind: "challenge"; challenge: string }
  | { kind: "succeeded"; login: Login; bound: BoundUpstream }
  | { kind: "failed"; reply: Reply; cause: string; refused: boolean; user: string | null };

type StepTaker = (step: LoginStep) => void;

/** Decides about an AUTH. The answer of a refusal, or null: it may go on. */
export function judgeLogin(admission: Admission, client: Client, mechanism: string): Answer | null {
  const { services, governing } = admission;
  const facts = {
    clientAddress: client.address,
    helo: [client.helo ?? ""],
    tls: tlsFact(client),
    authMechanism: [mechanism],
  };
  const decision = decide(governing.policy.action, "auth", facts, services.now());
  if (decision.rule !== null) services.recorder.ruleHit(decision.rule.id, "enforced");
  for (const { ruleId } of decision.observed) services.recorder.ruleHit(ruleId, "observed");
  const id = services.newId();
  const refused = refusal(decision, id);
  if (refused === null) return null;
  const cause = `AUTH ${mechanism} refused`;
  services.recorder.event(sessionEvent(admission, client, { id, decision, reply: refused.reply, cause }));
  return refused;
}

/**
 * A client's login (RFC 4954), line by line with the route's server on a fresh connection of its own. The lines are passed on and never kept:
 * only the user's name is read, where the mechanism tells it. Ends with one step that is not a challenge, or with `abandon`.
 */
export class SessionLogin {
  readonly #pool: SmtpLeases;
  readonly #route: SmtpRoute;
  readonly #mechanism: string;
  readonly #guard: (step: () => void) => void;
  #connection: LeasedConnection | null = null;
  #over = false;
  #messages = 0;
  #user: string | null = null;
  #taker: StepTaker | null = null;

  /** `guard` runs what the server's answers set off: what fails there is the session's alone. */
  constructor(pool: SmtpLeases, route: SmtpRoute, mechanism: string, guard: (step: () => void) => void) {
    this.#pool = pool;
    this.#route = route;
    this.#mechanism = mechanism;
    this.#guard = guard;
  }

  /** Sends AUTH. `initial` as in the command. Every step is given to the taker of the line that it answers. */
  begin(initial: string | null, taker: StepTaker): void {
    this.#taker = taker;
    const taken = (error: Error | null, connection: LeasedConnection | null): void => {
      if (connection === null) return this.#fail(replies.authUnavailable, error?.message ?? "no connection");
      if (this.#over) return this.#pool.drop(connection);
      this.#connection = connection;
      connection.onLost = shortLived((lost) => this.#guard(() => this.#fail(replies.authUnavailable, lost.message)));
      if (!connection.capabilities.auth.includes(this.#mechanism)) {
        return this.#fail(replies.mechanismNotOffered, "the server does not offer the mechanism");
      }
      if (initial !== null) this.#noteUser(initial === "=" ? "" : initial);
      this.#send(initial === null ? `AUTH ${this.#mechanism}` : `AUTH ${this.#mechanism} ${initial}`);
    };
    this.#pool.lease(this.#route, "", taken, true);
  }

  /** Passes a line on, which is base64. */
  respond(message: string, taker: StepTaker): void {
    this.#taker = taker;
    // The server can be lost while the client thinks.
    if (this.#over) return this.#fail(replies.authUnavailable, "the server was lost in the exchange");
    this.#noteUser(message);
    this.#send(message);
  }

  /** The client gave up, or is gone. May be called twice. */
  abandon(): void {
    this.#over = true;
    this.#taker = null;
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) this.#pool.drop(connection);
  }

  #noteUser(message: string): void {
    this.#user ??= saslUser(this.#mechanism, this.#messages, message);
    this.#messages++;
  }

  #send(line: string): void {
    this.#connection?.send("AUTH", line, (said) => this.#guard(() => this.#answered(said)));
  }

  #answered(said: Reply): void {
    if (said.code === 334) {
      const [challenge = ""] = said.lines;
      // What is no challenge is not passed on: the client would take it for something else.
      if (said.lines.length > 1 || !isBase64(challenge) || challenge.length + 6 > authLineBytesMax) {
        return this.#fail(replies.authUnavailable, "the server's challenge is not base64");
      }
      return this.#tell({ kind: "challenge", challenge });
    }
    if (said.code !== 235) {
      return this.#fail(failureReply(said), `the server answers AUTH with ${said.code}`, said.code >= 500);
    }
    const connection = this.#connection;
    if (connection === null) return;
    this.#connection = null;
    this.#over = true;
    const bound = new BoundUpstream(this.#pool, this.#route, connection);
    this.#tell({ kind: "succeeded", login: { mechanism: this.#mechanism, user: this.#user }, bound });
  }

  #fail(reply: Reply, cause: string, refused = false): void {
    const taker = this.#taker;
    this.abandon();
    taker?.({ kind: "failed", reply, cause, refused, user: this.#user });
  }

  #tell(step: LoginStep): void {
    const taker = this.#taker;
    this.#taker = null;
    taker?.(step);
  }
}

/** RFC 4954 §4, §6: the server's answer in our words. */
function failureReply({ code }: Reply): Reply {
  if (code === 432) return replies.passwordTransition;
  if (code < 500) return replies.authUnavailable;
  return code === 534 ? replies.mechanismTooWeak : replies.authFailed;
}
