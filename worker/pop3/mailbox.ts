import type { Pop3Command } from "#core/pop3/command.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { Conversation } from "./conversation.ts";
import { verdictGround } from "./kept-verdict.ts";
import { listingSink } from "./listing.ts";
import { goneReply, MailboxDeletions } from "./mailbox-deletions.ts";
import { type ListingVerb, MailboxIndex } from "./mailbox-index.ts";
import { type Asked, MailboxMessages } from "./mailbox-messages.ts";
import { MailboxVerdicts } from "./mailbox-verdicts.ts";
import { MailboxView } from "./mailbox-view.ts";
import { judgesContent } from "./message-judgement.ts";
import { pop3Definition } from "./pop3-definition.ts";
import { mailboxKey } from "./verdict-store.ts";

export type MailboxContext = {
  session: Conversation;
  upstream: Pop3Connection;
  /** The route that was taken, and the user as its server heard it: where messages have their unique ids. */
  route: string;
  /** null: not known, so that nothing is remembered for later sessions. */
  user: string | null;
  /** Messages are shown as RFC 6856 has them. */
  utf8: boolean;
  /** A DELE is not carried out, whatever the client hears. */
  withheld(): void;
  /** The answer was given. */
  done(): void;
  /** A defect of ours: it costs this session only. */
  fault(error: unknown): void;
};

export type MailboxCommand = Extract<
  Pop3Command,
  { verb: "STAT" | "LIST" | "UIDL" | "RETR" | "TOP" | "DELE" | "RSET" }
>;

/** The mailbox of one session as its client sees it, once it is logged in (RFC 1939 §5): one command at a time. */
export class Mailbox {
  readonly #context: MailboxContext;
  readonly #key: string;
  readonly #index = new MailboxIndex();
  readonly #verdicts: MailboxVerdicts;
  readonly #deletions: MailboxDeletions;
  readonly #view: MailboxView;
  readonly #messages: MailboxMessages;
  #over = false;

  constructor(context: MailboxContext) {
    const { session, upstream, route, user, utf8, withheld, done, fault } = context;
    const { services } = session.admission;
    this.#context = context;
    this.#key = mailboxKey(route, user ?? "", utf8);
    const index = this.#index;
    const verdicts = new MailboxVerdicts(services.mailboxVerdicts, this.#key, index);
    const firstSeen = (message: number) => this.#firstSeen(message);
    const deletions = new MailboxDeletions({
      session,
      upstream,
      firstSeen,
      now: services.now,
      withheld,
      restored: () => index.restored(),
    });
    this.#verdicts = verdicts;
    this.#deletions = deletions;
    const learned = (verb: ListingVerb) => this.#learned(verb, true);
    const fail = (reason: string) => session.lost(reason);
    this.#view = new MailboxView({ session, upstream, index, verdicts, deletions, learned, done, fail });
    const isDeleted = (message: number) => deletions.marked.has(message);
    this.#messages = new MailboxMessages({ session, upstream, index, verdicts, isDeleted, done, fault });
  }

  /** What the client has of the answer under way. */
  get answer(): "none" | "partial" | "whole" {
    const { answer } = this.#view;
    return answer === "none" ? this.#messages.answer : answer;
  }

  run(command: MailboxCommand): void {
    const { session } = this.#context;
    const { services } = session.admission;
    const { governing } = session;
    const facts = session.subject.facts();
    const startedAt = services.now();
    const { policyDigest } = services.mailboxVerdicts;
    const ground = verdictGround(governing, facts, { now: startedAt, policyDigest });
    this.#learn(this.#needed(command), () => this.#answer(command, { governing, facts, ground, startedAt }));
  }

  /** The session is over. A retrieval under way is told as what it became. */
  abort(cause: string): void {
    this.#over = true;
    this.#messages.abort(cause);
  }

  #answer(command: MailboxCommand, asked: Asked): void {
    const { session } = this.#context;
    const { deletion } = pop3Definition(asked.governing).settings;
    switch (command.verb) {
      case "STAT":
        return this.#view.stat(asked.ground);
      case "LIST":
      case "UIDL":
        if (command.message !== null) return this.#view.one(command.verb, command.message, asked.ground);
        return this.#view.all(command.verb, asked.ground, this.#names || this.#counts);
      case "RETR":
        if (this.#deletions.pretended.has(command.message)) return session.answer(goneReply);
        return this.#messages.retrieve(command.message, asked);
      case "TOP":
        if (this.#deletions.pretended.has(command.message)) return session.answer(goneReply);
        return this.#messages.top(command, asked);
      case "DELE":
        return this.#deletions.delete(command.message, deletion);
      case "RSET":
        return this.#deletions.reset();
      default:
        return command satisfies never;
    }
  }

  /** Messages have to be told apart over sessions: verdicts on them are remembered. */
  get #names(): boolean {
    const { session, user } = this.#context;
    const { governing } = session;
    return (
      user !== null && judgesContent(governing.policy.action) && pop3Definition(governing).settings.verdictHours > 0
    );
  }

  /** It counts since when each message is there. */
  get #counts(): boolean {
    const { session, user } = this.#context;
    return user !== null && pop3Definition(session.governing).settings.deletion.allow === "after-days";
  }

  /** What has to be asked of the server before a command can be answered; what it said already is not. */
  #needed({ verb }: MailboxCommand): ListingVerb[] {
    if (verb === "RSET" || verb === "UIDL") return [];
    const counted: ListingVerb[] = this.#counts ? ["UIDL"] : [];
    if (!this.#names) return verb === "STAT" && this.#verdicts.mayResize ? [...counted, "LIST"] : counted;
    if (verb === "RETR" || verb === "TOP") return ["UIDL", "LIST"];
    if (verb === "DELE" || !this.#verdicts.mayResize) return counted;
    return verb === "STAT" ? ["UIDL", "LIST"] : ["UIDL"];
  }

  #learn(verbs: readonly ListingVerb[], then: () => void): void {
    const { upstream, session } = this.#context;
    const verb = verbs.find((one) => !this.#index.knows(one));
    if (verb === undefined) return then();
    const done = (isThere: boolean): void => {
      this.#learned(verb, isThere);
      if (!this.#over) this.#learn(verbs, then);
    };
    upstream.request(
      `${verb}\r\n`,
      true,
      listingSink(verb, this.#index, done, (reason) => session.lost(reason)),
    );
  }

  #learned(verb: ListingVerb, isThere: boolean): void {
    if (isThere) this.#index.complete(verb, this.#deletions.marked.size);
    else this.#index.refused(verb);
    if (verb !== "UIDL" || !this.#counts) return;
    const { firstSeen } = this.#context.session.admission.services;
    for (const uidl of this.#index.uidls()) firstSeen.since(this.#key, uidl);
  }

  #firstSeen(message: number): number | null {
    const uidl = this.#counts ? this.#index.uidl(message) : null;
    return uidl === null ? null : this.#context.session.admission.services.firstSeen.since(this.#key, uidl);
  }
}
