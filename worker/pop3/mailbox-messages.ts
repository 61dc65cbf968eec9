import type { Facts } from "#core/contract/facts.ts";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import { encodeStatusLine } from "#core/pop3/status-line.ts";
import type { GoverningPolicy, Services } from "../services.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { ClientLink } from "./client-link.ts";
import { sendNotice } from "./edited-message.ts";
import { retrievalEvent } from "./events.ts";
import { type JudgementContext, judgesContent, MessageJudgement, needsOriginal } from "./message-judgement.ts";
import { MessageVerdicts } from "./message-verdicts.ts";
import { relaySink } from "./relay-sink.ts";
import { Retrieval, type RetrievalEnd } from "./retrieval.ts";
import { TopLook } from "./top-look.ts";
import { WireHold } from "./wire-hold.ts";

export type MailboxContext = {
  client: ClientLink;
  upstream: Pop3Connection;
  services: Services;
  clientEnd: { address: string; port: number };
  /** The answer was given. */
  done(): void;
  /** The server is no use any more. */
  fail(reason: string): void;
  /** A defect of ours: it costs this session only. */
  fault(error: unknown): void;
};

type TopCommand = Extract<Pop3Command, { verb: "TOP" }>;

/** A message looked at for TOP counts nothing: the retrieval that follows does. */
const uncounted: Pick<Services["recorder"], "ruleHit"> = { ruleHit: () => undefined };

/** RETR and TOP of one mailbox: numbers, sizes and unique ids stay the server's, content is what the policy lets pass. */
export class MailboxMessages {
  readonly #context: MailboxContext;
  readonly #verdicts = new MessageVerdicts();
  #retrieval: { current: Retrieval; report: (end: RetrievalEnd) => void } | null = null;
  #look: TopLook | null = null;
  #topBegun = false;

  constructor(context: MailboxContext) {
    this.#context = context;
  }

  /** What the client has of the answer under way. */
  get answer(): "none" | "partial" | "whole" {
    if (this.#topBegun) return "partial";
    return this.#retrieval?.current.answer ?? "none";
  }

  /** The policy that governs now is pinned until the answer is given. */
  retrieve(message: number, governing: GoverningPolicy, facts: Facts): void {
    const { client, upstream, services } = this.#context;
    const { action } = governing.policy;
    const id = this.#verdicts.takeId(message) ?? services.newId();
    const hold = new WireHold(services.holdRoom, `retrieval-${id}`, needsOriginal(action));
    const judgement = this.#judgement(governing, facts, id, hold, services);
    const startedAt = services.now();
    const report = (end: RetrievalEnd): void => {
      this.#retrieval = null;
      const user = facts.user?.[0] ?? null;
      const base = {
        id,
        startedAt,
        now: services.now(),
        client: this.#context.clientEnd,
        user,
        upstream: upstream.target,
      };
      services.recorder.event(retrievalEvent(governing, judgement, base, end));
    };
    const current = new Retrieval({
      client,
      upstream,
      action,
      judgement,
      hold,
      done: (end) => {
        if (judgesContent(action)) this.#remember(message, governing, judgement, id, true);
        report(end);
        this.#context.done();
      },
      missing: () => {
        this.#retrieval = null;
        this.#context.done();
      },
      fail: (reason) => this.#context.fail(reason),
      fault: (error) => this.#context.fault(error),
    });
    this.#retrieval = { current, report };
    upstream.request(encodeCommand({ verb: "RETR", message }), true, current);
  }

  /** RFC 1939 §7. What TOP shows must be the top of what RETR gives: a message not yet judged, or changed, is read first. */
  top(command: TopCommand, governing: GoverningPolicy, facts: Facts): void {
    const { message, lines } = command;
    const { client, upstream, services, done } = this.#context;
    const { action } = governing.policy;
    if (!judgesContent(action)) return this.#relayTop(command);
    const known = this.#verdicts.get(message, governing.revision);
    if (known !== null) {
      if (known.notice === null) return this.#relayTop(command);
      sendNotice(client, known.notice, lines);
      return done();
    }
    const id = this.#verdicts.idOf(message) ?? services.newId();
    const told = this.#verdicts.idOf(message) !== null && this.#verdicts.takeId(message) === null;
    const hold = needsOriginal(action) ? new WireHold(services.holdRoom, `top-${id}`, true) : null;
    const judgement = this.#judgement(governing, facts, id, hold, { ...services, recorder: uncounted });
    const over = (then: () => void) => (): void => {
      this.#look = null;
      this.#remember(message, governing, judgement, id, told);
      then();
    };
    this.#look = new TopLook({
      client,
      upstream,
      judgement,
      hold,
      lines,
      original: over(() => this.#relayTop(command)),
      done: over(done),
      fail: (reason) => this.#context.fail(reason),
      fault: (error) => this.#context.fault(error),
    });
    upstream.request(encodeCommand({ verb: "RETR", message }), true, this.#look);
  }

  /** The session is over. A retrieval under way is told as what it became. */
  abort(cause: string): void {
    this.#look?.abort();
    const end = this.#retrieval?.current.abort(cause) ?? null;
    if (end !== null) this.#retrieval?.report(end);
  }

  /** What is changed is made anew each time: only its id is remembered. */
  #remember(message: number, governing: GoverningPolicy, judgement: MessageJudgement, id: string, told: boolean): void {
    if (!judgement.lasting || !judgement.settled) return;
    const { shown } = judgement;
    const notice = shown === "notice" ? judgement.notice() : null;
    this.#verdicts.set(message, { revision: governing.revision, id, told, notice, edited: shown === "edited" });
  }

  #judgement(
    { policy, revision }: GoverningPolicy,
    facts: Facts,
    id: string,
    hold: WireHold | null,
    services: JudgementContext["services"],
  ): MessageJudgement {
    const { definition } = policy.action;
    const limits = definition.protocol === "pop3" ? definition.limits : pop3LimitsSchema.parse({});
    const place = {
      id,
      protocol: "pop3" as const,
      direction: definition.direction,
      interface: policy.fromInterface,
      policy: policy.name,
      route: policy.route.name,
      clientAddress: this.#context.clientEnd.address,
      sender: null,
      recipients: [],
      user: facts.user?.[0] ?? null,
      revision,
    };
    const original = needsOriginal(policy.action) ? (hold?.original ?? null) : null;
    return new MessageJudgement({ action: policy.action, limits, facts, place, services, original });
  }

  #relayTop(command: TopCommand): void {
    const { client, upstream, done } = this.#context;
    client.onDrain = () => upstream.resume();
    const sink = relaySink({
      status: (line) => {
        this.#topBegun = true;
        client.send(encodeStatusLine(line));
      },
      write: (chunk) => {
        if (!client.write(chunk)) upstream.pause();
      },
      done: () => {
        this.#topBegun = false;
        client.onDrain = null;
        upstream.resume();
        done();
      },
    });
    upstream.request(encodeCommand(command), true, sink);
  }
}
