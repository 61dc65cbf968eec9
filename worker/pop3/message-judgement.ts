import type { Evidence } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import { buildNotice } from "#core/message/notice.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import type { BodySize } from "#core/pop3/response-reader.ts";
import { ContentDecisions, type ContentServices } from "../scan/content-decisions.ts";

/** Whether any rule reads messages: if not, they stream through. */
export function judgesContent({ needs }: CompiledProxyAction): boolean {
  return needs.header || needs.attachment || needs.message;
}

/** What a rule's stage may tell the person who reads the notice. */
const publicReasons: Partial<Record<StageDecision["stage"], string>> = {
  header: "Its header is not allowed by policy.",
  attachment: "An attachment is not allowed by policy.",
};

/** Decides on one message of a mailbox while it is read from the server. */
export class MessageJudgement {
  readonly log = new DecisionRecorder();
  readonly #action: CompiledProxyAction;
  readonly #limits: Pop3Limits;
  readonly #content: ContentDecisions;
  #bytes = 0;
  /** In public words. */
  #reason: string | null = null;
  #cause: string | null = null;

  constructor(action: CompiledProxyAction, limits: Pop3Limits, facts: Facts, services: ContentServices) {
    this.#action = action;
    this.#limits = limits;
    this.#content = new ContentDecisions(action, facts, services, this.log);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get summary(): MessageSummary {
    return this.#content.summary;
  }

  /** A notice must take the message's place. */
  get refused(): boolean {
    return this.#reason !== null;
  }

  /** The private reason where the decision does not tell it. */
  get cause(): string | null {
    return this.#cause;
  }

  /** The notice can be built: the message's own header was read. */
  get headerComplete(): boolean {
    return this.#content.headerComplete;
  }

  /** Whether a byte of the message may still turn the verdict. */
  get open(): boolean {
    const { header, attachment, message } = this.#action.needs;
    return attachment || message || (header && !this.headerComplete);
  }

  /** Takes the next bytes, dots undone. */
  write(slice: Uint8Array): void {
    this.#bytes += slice.length;
    this.#refuseFor(this.#content.write(slice));
    const { messageBytesMax } = this.#limits;
    if (this.open && this.#bytes > messageBytesMax) {
      this.#refuse("It is too large to be inspected.", "messageBytes", `at most ${messageBytesMax}`, this.#bytes);
    }
  }

  end({ decodedBytes, longestLine }: BodySize): void {
    const { lineBytesMax } = this.#limits;
    if (judgesContent(this.#action) && longestLine > lineBytesMax) {
      this.#refuse(
        "It has a line that is too long to be inspected.",
        "lineBytes",
        `at most ${lineBytesMax}`,
        longestLine,
      );
    }
    this.#refuseFor(this.#content.end(decodedBytes));
  }

  /** The message that takes its place, not dot-stuffed. */
  notice(id: string, now: number): Uint8Array {
    const reason = this.#reason ?? "It is not allowed by policy.";
    return buildNotice({ identity: this.summary.identity, reason, id, now });
  }

  #refuseFor(decision: StageDecision | null): void {
    if (decision === null || this.#reason !== null) return;
    this.#cause = this.#content.cause;
    if (this.#cause !== null) this.#reason = "It cannot be inspected.";
    else this.#reason = publicReasons[decision.stage] ?? "It is not allowed by policy.";
  }

  #refuse(reason: string, fact: string, test: string, observed: number): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#cause = `${fact} ${observed}, ${test}`;
    const evidence: Evidence[] = [{ fact, test, observed: String(observed) }];
    const action = { kind: "replace" } as const;
    this.log.add({
      stage: "message",
      action,
      rule: null,
      evidence,
      changes: [],
      observed: [],
      steps: [],
      log: true,
      alarms: [],
    });
  }
}
