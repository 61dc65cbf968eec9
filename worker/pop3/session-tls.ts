import type { Transition } from "#core/pop3/states.ts";
import { clientLeft, type ListenerTls } from "../tls/server-tls.ts";
import type { Conversation } from "./conversation.ts";

/** TLS of a session with its client. */
export class SessionTls {
  readonly #session: Conversation;
  /** Null: the listener has none. */
  readonly #tls: ListenerTls | null;

  constructor(session: Conversation) {
    const { tls = null } = session.admission;
    this.#session = session;
    this.#tls = tls?.settings.mode === "none" ? null : tls;
  }

  get mode(): "never" | "not-yet" | "active" {
    if (this.#tls === null) return "never";
    return this.#session.subject.tls === null ? "not-yet" : "active";
  }

  /** Nothing is done in the clear. */
  get isRequired(): boolean {
    return this.#tls?.settings.mode === "required";
  }

  /** The session may begin: at once, or inside TLS where the listener has it from the first byte (RFC 8314 §3). */
  open(then: () => void): void {
    if (this.#tls?.settings.mode === "implicit") this.#secure("", this.#tls, then);
    else then();
  }

  /** RFC 2595 §4: what was said in the clear is forgotten, and what was sent along with STLS thrown away. */
  start(step: Transition, then: () => void): void {
    if (this.#tls === null || this.mode !== "not-yet") return this.#session.refuse("STLS is not offered here");
    this.#session.state = step.meanwhile ?? this.#session.state;
    this.#session.subject.forget();
    this.#secure("+OK Begin TLS\r\n", this.#tls, () => {
      this.#session.state = step.ok;
      then();
    });
  }

  #secure(text: string, tls: ListenerTls, then: () => void): void {
    this.#session.client.startTls(text, tls, (failure, agreed) => {
      if (failure === null) {
        this.#session.subject.tls = agreed;
        return then();
      }
      this.#session.state = "closed";
      // A client that only left has nothing to tell: balancers do so all the time.
      if (failure !== clientLeft) this.#session.tell(null, failure);
    });
  }
}
