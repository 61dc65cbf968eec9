import { shortLived } from "../net/short-lived.ts";
import { type Place, placeName } from "./place.ts";
import type { ServerLimits } from "./pop3-connection.ts";
import {
  type ContactFailure,
  type ContactTerms,
  type Pop3Attempt,
  type Pop3Contact,
  reachServer,
} from "./pop3-contact.ts";
import { TargetHealth, type TargetStatus } from "./target-health.ts";

type Pop3TargetOptions = Pick<ContactTerms, "place" | "sourceAddress" | "tls" | "fault"> & { now(): number };

/** How a route reaches its servers, and what a session takes from them. */
export type ReachTerms = Pick<ContactTerms, "connectTimeoutMs" | "replyTimeoutMs" | "noted"> & { limits: ServerLimits };

/** One server with one set of settings: how it does, and the connections to it. */
export class Pop3Target {
  readonly health: TargetHealth<ContactFailure>;
  readonly #options: Pop3TargetOptions;
  #connections = 0;
  #check: Pop3Attempt | null = null;

  constructor(options: Pop3TargetOptions) {
    this.#options = options;
    this.health = new TargetHealth(options.now);
  }

  get place(): Place {
    return this.#options.place;
  }

  get isUnused(): boolean {
    return this.#connections === 0;
  }

  status(): TargetStatus {
    const { place } = this.#options;
    return {
      target: placeName(place),
      ...this.health.status(),
      connections: this.#connections,
      strippedKeywords: [],
    };
  }

  /** Connects, whatever is known of it. Calls back once, never before this returns, unless it is cancelled. */
  reach(
    terms: ReachTerms,
    done: (failure: ContactFailure | null, contact: Pop3Contact | null) => void,
    tls = this.#options.tls,
  ): Pop3Attempt {
    let current: Pop3Attempt | null = null;
    const attempt = reachServer({ ...this.#options, ...terms, tls, ...this.#counted() }, (failure, contact) => {
      // RFC 7435 §3: opportunistic; a broken handshake must not keep anybody from the mailbox.
      if (failure?.kind === "tls" && tls?.settings.mode === "preferred") {
        current = this.reach(terms, done, null);
        return;
      }
      if (failure === null) this.health.alive();
      else this.health.failed(failure, failure.kind !== "refused");
      done(failure, contact);
    });
    current = attempt;
    return { cancel: () => current?.cancel() };
  }

  get isChecking(): boolean {
    return this.#check !== null;
  }

  /** Sees whether it greets and answers CAPA, without a login; called when no check is under way. Calls back once, unless it is closed. */
  check(terms: ReachTerms, done: (failure: ContactFailure | null) => void): void {
    const over = (failure: ContactFailure | null): void => {
      this.#check = null;
      done(failure);
    };
    this.#check = this.reach(terms, (failure, contact) => {
      if (contact === null) return over(failure);
      const { connection } = contact;
      connection.onLost = shortLived((reason) => over(this.#lost(reason)));
      this.#check = { cancel: () => connection.destroy() };
      contact.capabilities(() => {
        connection.quit();
        over(null);
      });
    });
  }

  /** Ends a check under way. */
  close(): void {
    this.#check?.cancel();
    this.#check = null;
  }

  #lost(message: string): ContactFailure {
    const failure = { target: placeName(this.place), message, kind: "refused" } as const;
    this.health.failed(failure, false);
    return failure;
  }

  #counted(): { ended(): void } {
    this.#connections++;
    return {
      ended: () => {
        this.#connections--;
      },
    };
  }
}
