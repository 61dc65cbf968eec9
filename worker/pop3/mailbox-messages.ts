import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import type { Facts } from "#core/contract/facts.ts";
import { pop3LimitsSchema } from "#core/contract/limits.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import { encodeStatusLine } from "#core/pop3/status-line.ts";
import { topOf } from "#core/pop3/top.ts";
import type { ContentServices } from "../scan/content-decisions.ts";
import type { GoverningPolicy, Services } from "../services.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { ClientLink } from "./client-link.ts";
import { retrievalEvent } from "./events.ts";
import { judgesContent, MessageJudgement } from "./message-judgement.ts";
import { type MessageVerdict, MessageVerdicts } from "./message-verdicts.ts";
import { Retrieval, type RetrievalEnd } from "./retrieval.ts";
import { judgingSink, relaySink } from "./sinks.ts";

export type MailboxContext = {
  client: ClientLink;
  upstream: Pop3Connection;
  services: Services;
  clientEnd: { address: string; port: number };
  /** The answer was given. */
  done(): void;
  /** The server is no use any more. */
  fail(reason: string): void;
};

type TopCommand = Extract<Pop3Command, { verb: "TOP" }>;

/** A message looked at for TOP counts nothing: the retrieval that follows does. */
const uncounted: ContentServices["recorder"] = { ruleHit: () => undefined };

/** RETR and TOP of one mailbox: numbers, sizes and unique ids stay the server's, content is what the policy lets pass. */
export class MailboxMessages {
  readonly #context: MailboxContext;
  readonly #verdicts = new MessageVerdicts();
  #retrieval: { current: Retrieval; report: (end: RetrievalEnd) => void } | null = null;
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
    const judgement = judgementOf(governing, facts, services);
    const startedAt = services.now();
    const id = this.#verdicts.takeId(message) ?? services.newId();
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
      id,
      now: startedAt,
      holdRoom: services.holdRoom,
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
    });
    this.#retrieval = { current, report };
    upstream.request(encodeCommand({ verb: "RETR", message }), true, current);
  }

  /** RFC 1939 §7. What TOP shows must be the top of what RETR gives: a message not yet judged is read first. */
  top(command: TopCommand, governing: GoverningPolicy, facts: Facts): void {
    const { message } = command;
    if (!judgesContent(governing.policy.action)) return this.#relayTop(command);
    const known = this.#verdicts.get(message, governing.revision);
    if (known !== null) return this.#showTop(command, known);
    const judgement = judgementOf(governing, facts, { recorder: uncounted, now: this.#context.services.now });
    const sink = judgingSink(judgement, (status) => {
      if (status.ok) {
        const id = this.#context.services.newId();
        return this.#showTop(command, this.#remember(message, governing, judgement, id, false));
      }
      this.#context.client.send(encodeStatusLine(status));
      this.#context.done();
    });
    this.#context.upstream.request(encodeCommand({ verb: "RETR", message }), true, sink);
  }

  /** The session is over. A retrieval under way is told as what it became. */
  abort(cause: string): void {
    const end = this.#retrieval?.current.abort(cause) ?? null;
    if (end !== null) this.#retrieval?.report(end);
  }

  #remember(
    message: number,
    governing: GoverningPolicy,
    judgement: MessageJudgement,
    id: string,
    told: boolean,
  ): MessageVerdict {
    const notice = judgement.refused ? judgement.notice(id, this.#context.services.now()) : null;
    const verdict = { revision: governing.revision, id, told, notice };
    this.#verdicts.set(message, verdict);
    return verdict;
  }

  #showTop(command: TopCommand, { notice }: MessageVerdict): void {
    if (notice === null) return this.#relayTop(command);
    const { client, done } = this.#context;
    client.send("+OK\r\n");
    const encoder = new DotEncoder((slice) => client.write(slice));
    encoder.write(topOf(notice, command.lines));
    encoder.end();
    done();
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

function judgementOf({ policy }: GoverningPolicy, facts: Facts, services: ContentServices): MessageJudgement {
  const { definition } = policy.action;
  const limits = definition.protocol === "pop3" ? definition.limits : pop3LimitsSchema.parse({});
  return new MessageJudgement(policy.action, limits, facts, services);
}
