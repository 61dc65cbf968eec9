import type { Facts } from "#core/contract/facts.ts";
import { EditList } from "#core/message/rewrite/edit.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import type { GoverningPolicy, SessionServices } from "../services.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { Conversation } from "./conversation.ts";
import { sendNotice } from "./edited-message.ts";
import { judgedMessage, knownMessage, type RetrievedMessage, retrievalEvent } from "./events.ts";
import { HeadStart } from "./head-start.ts";
import { editList, isOverruled, type KeptVerdict, keptVerdict, type VerdictGround } from "./kept-verdict.ts";
import { KnownMessage } from "./known-message.ts";
import type { MailboxIndex } from "./mailbox-index.ts";
import type { MailboxVerdicts } from "./mailbox-verdicts.ts";
import { type JudgementContext, judgesContent, MessageJudgement, needsOriginal } from "./message-judgement.ts";
import { pop3Definition } from "./pop3-definition.ts";
import { RelayedTop } from "./relayed-top.ts";
import { Retrieval, type RetrievalEnd } from "./retrieval.ts";
import { TopLook } from "./top-look.ts";
import { WireHold } from "./wire-hold.ts";

export type MessagesContext = {
  session: Conversation;
  upstream: Pop3Connection;
  index: MailboxIndex;
  verdicts: MailboxVerdicts;
  /** Marked as deleted: the server answers. */
  isDeleted(message: number): boolean;
  /** The answer was given. */
  done(): void;
  /** A defect of ours: it costs this session only. */
  fault(error: unknown): void;
};

/** One command under way, under the policy that was in force when it came. */
export type Asked = { governing: GoverningPolicy; facts: Facts; ground: VerdictGround; startedAt: number };

type TopCommand = Extract<Pop3Command, { verb: "TOP" }>;

/** A TOP of so many lines is meant to fetch the message: fetchmail asks so instead of RETR, to leave it unread on servers that note what is read. */
const wholeMessageLines = 99_999_999;

/** A message looked at for TOP counts nothing: the retrieval that follows does. */
const uncounted: Pick<SessionServices["recorder"], "ruleHit"> = { ruleHit: () => undefined };

/** RETR and TOP of one mailbox: numbers and unique ids stay the server's, content is what the policy lets pass. */
export class MailboxMessages {
  readonly #context: MessagesContext;
  #retrieval: Retrieval | null = null;
  #known: KnownMessage | null = null;
  #look: TopLook | null = null;
  #relayed: RelayedTop | null = null;
  /** Tells of the retrieval under way. */
  #report: ((end: RetrievalEnd) => void) | null = null;

  constructor(context: MessagesContext) {
    this.#context = context;
  }

  /** What the client has of the answer under way. */
  get answer(): "none" | "partial" | "whole" {
    return (this.#relayed ?? this.#known ?? this.#look ?? this.#retrieval)?.answer ?? "none";
  }

  /** The policy that governs now is pinned until the answer is given. */
  retrieve(message: number, asked: Asked): void {
    const { isDeleted } = this.#context;
    // What has to be read again each time is.
    const isBelieved = asked.ground.until > asked.startedAt && !isDeleted(message);
    const known = isBelieved ? this.#believed(message, asked) : null;
    if (known === null) return this.#judge(message, asked);
    const id = this.#takeId(message, asked) ?? this.#services.newId();
    this.#retrieveKnown(message, known, id, asked);
  }

  /** RFC 1939 §7. What TOP shows must be the top of what RETR gives: a message not yet judged is read first. */
  top(command: TopCommand, asked: Asked): void {
    const { isDeleted, session } = this.#context;
    const { message, lines } = command;
    if (lines >= wholeMessageLines) return this.retrieve(message, asked);
    if (!judgesContent(asked.governing.policy.action) || isDeleted(message)) return this.#relayTop(command, null);
    const known = this.#believed(message, asked);
    switch (known?.shown.what) {
      case undefined:
      case "again":
        return this.#lookAt(command, asked);
      case "original":
        return this.#relayTop(command, null);
      case "notice":
        session.client.send("+OK\r\n");
        sendNotice(session.client, Buffer.from(known.shown.message, "base64"), lines);
        return this.#looked();
      case "edited":
        return this.#sendKnown("TOP", message, known, {
          edits: editList(known.shown.edits),
          lines,
          done: () => this.#looked(),
        });
    }
  }

  /** The session is over. A retrieval under way is told as what it became. */
  abort(cause: string): void {
    this.#look?.abort();
    this.#known?.abort();
    const end = this.#retrieval === null ? this.#known?.abortedEnd(cause) : this.#retrieval.abort(cause);
    if (end !== undefined && end !== null) this.#report?.(end);
  }

  get #services(): SessionServices {
    return this.#context.session.admission.services;
  }

  /** Null also where the message has to be judged again. */
  #believed(message: number, { ground, facts }: Asked): KeptVerdict | null {
    const known = this.#context.verdicts.get(message, ground);
    if (known === null || known.shown.what === "again") return null;
    return isOverruled(known, userOf(facts) ?? "", this.#services.quarantine) ? null : known;
  }

  #judge(message: number, asked: Asked): void {
    const { session, upstream, fault } = this.#context;
    const { governing } = asked;
    const { action } = governing.policy;
    const id = this.#takeId(message, asked) ?? this.#services.newId();
    const hold = this.#hold(needsOriginal(action));
    const judgement = this.#judgement(asked, id, hold, this.#services);
    const { listener } = session.admission;
    const report = this.#reporting(asked, message, id, () => judgedMessage(judgement, governing.revision, listener));
    this.#retrieval = new Retrieval({
      client: session.client,
      upstream,
      action,
      judgement,
      hold,
      headStart: this.#headStart(governing),
      done: (end) => {
        this.#retrieval = null;
        if (judgesContent(action)) this.#remember(message, asked, judgement, id, true);
        report(end);
        this.#context.done();
      },
      missing: (status) => {
        this.#retrieval = null;
        this.#report = null;
        session.pass("RETR", status);
      },
      fail: (reason) => session.lost(reason),
      fault,
    });
    upstream.request(encodeCommand({ verb: "RETR", message }), true, this.#retrieval);
  }

  #retrieveKnown(message: number, known: KeptVerdict, id: string, asked: Asked): void {
    const { session, done } = this.#context;
    const { shown, decision } = known;
    if (shown.what === "again" || decision === null) throw new Error("a verdict that is not known");
    const report = this.#reporting(asked, message, id, () => knownMessage(known, decision));
    const finish = (reply: string): void => {
      for (const { ruleId } of decision.observed) this.#services.recorder.ruleHit(ruleId, "observed");
      if (decision.ruleId !== null) this.#services.recorder.ruleHit(decision.ruleId, "enforced");
      const cause = id === known.id ? null : `judged before, as ${known.id}`;
      const outcome = shown.what === "notice" ? "replaced" : "retrieved";
      report({ outcome, reply, upstreamReply: this.#known?.upstreamReply ?? null, cause });
      this.#known = null;
      done();
    };
    if (shown.what !== "notice") {
      const edits = shown.what === "edited" ? editList(shown.edits) : new EditList();
      return this.#sendKnown("RETR", message, known, { edits, lines: null, done: finish });
    }
    session.client.send("+OK\r\n");
    sendNotice(session.client, Buffer.from(shown.message, "base64"), null);
    finish("+OK");
  }

  #sendKnown(
    verb: "RETR" | "TOP",
    message: number,
    { bytes }: KeptVerdict,
    how: { edits: EditList; lines: number | null; done(reply: string): void },
  ): void {
    const { session, upstream, verdicts } = this.#context;
    this.#known = new KnownMessage({
      client: session.client,
      upstream,
      bytes,
      ...how,
      missing: (status) => {
        this.#known = null;
        this.#report = null;
        session.pass(verb, status);
      },
      changed: () => {
        verdicts.forget(message);
        session.lost("the message is not the one that was judged under its UIDL");
      },
    });
    upstream.request(encodeCommand({ verb: "RETR", message }), true, this.#known);
  }

  #lookAt(command: TopCommand, asked: Asked): void {
    const { session, upstream, verdicts, fault } = this.#context;
    const { message, lines } = command;
    const { action } = asked.governing.policy;
    const before = verdicts.get(message, asked.ground);
    const id = before?.id ?? this.#services.newId();
    const hold = needsOriginal(action) ? this.#hold(true) : null;
    const judgement = this.#judgement(asked, id, hold, { ...this.#services, recorder: uncounted });
    const headStart = this.#headStart(asked.governing);
    const over = (then: () => void) => (): void => {
      this.#look = null;
      this.#remember(message, asked, judgement, id, before?.told ?? false);
      then();
    };
    this.#look = new TopLook({
      client: session.client,
      upstream,
      judgement,
      hold,
      headStart,
      lines,
      original: over(() => this.#relayTop(command, headStart)),
      done: over(() => this.#looked()),
      missing: (status) => {
        this.#look = null;
        session.pass("TOP", status);
      },
      fail: (reason) => session.lost(reason),
      fault,
    });
    upstream.request(encodeCommand({ verb: "RETR", message }), true, this.#look);
  }

  /** `headStart`: of the look before it, which may have begun the answer. */
  #relayTop(command: TopCommand, headStart: HeadStart | null): void {
    const { session, upstream } = this.#context;
    this.#relayed = new RelayedTop({
      client: session.client,
      upstream,
      headStart,
      done: () => this.#looked(),
      missing: (status) => {
        this.#relayed = null;
        session.pass("TOP", status);
      },
      fail: (reason) => session.lost(reason),
    });
    upstream.request(encodeCommand(command), true, this.#relayed);
  }

  #looked(): void {
    this.#known = null;
    this.#relayed = null;
    this.#context.done();
  }

  #headStart(governing: GoverningPolicy): HeadStart {
    return new HeadStart(this.#context.session.client, pop3Definition(governing).settings.headStartMs);
  }

  /** Told at its end, or when the session is over before. */
  #reporting(
    { governing, facts, startedAt }: Asked,
    message: number,
    id: string,
    what: () => RetrievedMessage,
  ): (end: RetrievalEnd) => void {
    const { session, upstream, index } = this.#context;
    const report = (end: RetrievalEnd): void => {
      this.#report = null;
      const { client, services } = session.admission;
      const base = { id, startedAt, now: services.now(), client, user: userOf(facts), upstream: upstream.target };
      const uidl = index.uidl(message);
      services.recorder.event(retrievalEvent(governing, what(), { ...base, uidl }, end));
    };
    this.#report = report;
    return report;
  }

  /** The id that TOP showed and no event carries yet, or null: this retrieval's event will. */
  #takeId(message: number, { ground }: Asked): string | null {
    const { verdicts } = this.#context;
    const known = verdicts.get(message, ground);
    if (known === null || known.told) return null;
    verdicts.set(message, ground, { ...known, told: true });
    return known.id;
  }

  #hold(keepsAll: boolean): WireHold {
    return new WireHold(this.#services.holdRoom, `retrieval-${this.#services.newId()}`, keepsAll);
  }

  #remember(
    message: number,
    { governing, ground }: Asked,
    judgement: MessageJudgement,
    id: string,
    told: boolean,
  ): void {
    if (!judgement.settled || !judgement.lasting) return;
    this.#context.verdicts.set(message, ground, keptVerdict(judgement, governing.revision, id, told));
  }

  #judgement(
    { governing, facts }: Asked,
    id: string,
    hold: WireHold | null,
    services: JudgementContext["services"],
  ): MessageJudgement {
    const { policy, revision } = governing;
    const { limits, direction } = pop3Definition(governing);
    const place = {
      id,
      protocol: "pop3" as const,
      direction,
      interface: policy.fromInterface,
      policy: policy.name,
      route: policy.route.name,
      clientAddress: this.#context.session.admission.client.address,
      sender: null,
      recipients: [],
      user: userOf(facts),
      revision,
    };
    const original = needsOriginal(policy.action) ? (hold?.original ?? null) : null;
    return new MessageJudgement({ action: policy.action, limits, facts, place, services, original });
  }
}

function userOf(facts: Facts): string | null {
  return facts.user?.[0] ?? null;
}
