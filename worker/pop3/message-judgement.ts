import { createHash } from "node:crypto";
import type { Evidence } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import { noVerdict } from "#core/contract/scanner.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { PublicReason } from "#core/message/notice-texts/notice-text.ts";
import { EditList } from "#core/message/rewrite/edit.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import type { BodySize } from "#core/pop3/response-reader.ts";
import { streamOf } from "../quarantine/content-stream.ts";
import type { Quarantine } from "../quarantine/quarantine.ts";
import { reasonOf } from "../scan/content-texts.ts";
import { FactLog } from "../scan/fact-log.ts";
import type { HeldOriginal } from "../scan/held-original.ts";
import type { ContentPlace } from "../scan/keep-request.ts";
import { type ContentCopy, type ContentServices, MessageContent, scansWholeMessages } from "../scan/message-content.ts";
import { MessageKeeper } from "../scan/message-keeper.ts";
import { mailboxSenderCheck } from "./sender-question.ts";

/** Whether any rule reads messages: if not, they stream through. */
export function judgesContent({ needs }: CompiledProxyAction): boolean {
  return needs.header || needs.attachment || needs.message;
}

/** Whether its messages have to be at hand as a whole: to be changed, kept, or given to a scanner. */
export function needsOriginal(action: CompiledProxyAction): boolean {
  return action.needs.hold.what !== "nothing" || scansWholeMessages(action);
}

export type JudgementContext = {
  action: CompiledProxyAction;
  limits: Pop3Limits;
  /** Of the session. */
  facts: Facts;
  place: ContentPlace;
  services: ContentServices & { quarantine: Quarantine };
  /** null: not needed. */
  original: HeldOriginal | null;
};

/** What the client gets. original: as it came. edited: with the judgement's edits. notice: something else in its place. */
export type Shown = "original" | "edited" | "notice";

/** Decides on one message of a mailbox while it is read from the server. */
export class MessageJudgement {
  readonly log = new DecisionRecorder();
  readonly judgedBy = new FactLog();
  /** What is changed of it, once it was judged. */
  readonly edits = new EditList();
  readonly content: MessageContent;
  /** What is kept away from its reader, by content: the message, and parts that are locked away. Once one is released the verdict is void. */
  readonly keptAway: { sha256: string; malware: string[] }[] = [];
  readonly #context: JudgementContext;
  readonly #copy: ContentCopy;
  readonly #keeper: MessageKeeper | null;
  #bytes = 0;
  #shown: Shown | null = null;
  #reason: PublicReason | null = null;
  #decision: StageDecision | null = null;
  #cause: string | null = null;
  #failed = false;
  #notice: Uint8Array | null = null;
  /** Under which it lies in quarantine. */
  #keptId: string | null = null;

  constructor(context: JudgementContext) {
    const { action, facts, place, services, original } = context;
    this.#context = context;
    this.content = new MessageContent({
      action,
      services,
      copies: [
        { facts, log: this.log, judgedBy: this.judgedBy, place, edit: (edit) => this.edits.add(edit), messageId: null },
      ],
      senderCheck: mailboxSenderCheck(action, services),
      envelope: null,
      original: original === null ? null : () => original.whole(),
      hold: action.needs.hold,
      digest: original !== null,
      gate: null,
    });
    const [copy] = this.content.copies;
    if (copy === undefined) throw new Error("a message without a copy");
    this.#copy = copy;
    this.#keeper = original === null ? null : new MessageKeeper(services.quarantine, this.content, original);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Something else than a rule keeps it away: a limit, or what could not be asked or kept. */
  get limited(): boolean {
    return this.#reason !== null && this.#decision === null;
  }

  get summary(): MessageSummary {
    return this.content.judge.summary;
  }

  /** A notice must take the message's place, whatever the rest of it is. */
  get refused(): boolean {
    return this.#reason !== null;
  }

  /** The private reason where the decision does not tell it. */
  get cause(): string | null {
    return this.#cause;
  }

  /** The notice can be built: the message's own header was read. */
  get headerComplete(): boolean {
    return this.content.judge.headerComplete;
  }

  /** Whether a byte of the message may still turn the verdict. */
  get open(): boolean {
    const { header, attachment, message, hold } = this.#context.action.needs;
    return hold.what !== "nothing" || attachment || message || (header && !this.headerComplete);
  }

  /** Takes the next bytes, dots undone. */
  write(slice: Uint8Array): void {
    this.#bytes += slice.length;
    this.#refuseFor(this.content.judge.write(slice));
    const { messageBytesMax } = this.#context.limits;
    if (this.open && this.#bytes > messageBytesMax) {
      this.#refuse("too-large", {
        fact: "messageBytes",
        test: `at most ${messageBytesMax}`,
        observed: `${this.#bytes}`,
      });
    }
  }

  /** The message is complete. Calls back once, perhaps before this returns; not after `cancel`. */
  end({ decodedBytes, longestLine }: BodySize, done: () => void, fault: (error: unknown) => void): void {
    const { limits } = this.#context;
    // What was let go by its header is with the client by now.
    if (this.open && longestLine > limits.lineBytesMax) {
      const test = `at most ${limits.lineBytesMax}`;
      this.#refuse("line-too-long", { fact: "lineBytes", test, observed: String(longestLine) });
    }
    this.content.judge.end(decodedBytes, ({ refusal, failure }) => {
      if (failure !== null) this.#fail(failure);
      if (this.#keeper === null) {
        this.#refuseFor(refusal);
        this.#shown = this.refused ? "notice" : "original";
        return done();
      }
      const settled = (shown: Shown): void => {
        this.#shown = shown;
        done();
      };
      this.#settle(this.#keeper, refusal).then(settled).catch(fault);
    });
  }

  cancel(): void {
    this.content.judge.cancel();
  }

  /** The message that takes its place, not dot-stuffed; the same each time. */
  notice(): Uint8Array {
    this.#notice ??= this.#copy.texts.message(this.#reason ?? "policy", this.#decision, this.#keptId);
    return this.#notice;
  }

  /** Whether the verdict holds when the message is asked for again; not one that could not be reached, or without what was to be asked. */
  get lasting(): boolean {
    const { report, facts } = this.content.judge.inspection;
    const results = [...(report.senderAuth?.dkim ?? []), report.senderAuth?.arc].map((one) => one?.result);
    const lacksScan = facts.viruses.includes(noVerdict) || report.scans.some(({ result }) => result === "failed");
    return !this.#failed && !lacksScan && !results.includes("temperror");
  }

  /** What the client gets is known. */
  get settled(): boolean {
    return this.#shown !== null;
  }

  get shown(): Shown {
    return this.#shown ?? "notice";
  }

  get kept(): readonly string[] {
    return this.#keeper?.kept ?? [];
  }

  get copy(): ContentCopy {
    return this.#copy;
  }

  /** Changes and keeps what is to be. The message itself stays in its mailbox whatever happens here. */
  async #settle(keeper: MessageKeeper, refusal: StageDecision | null): Promise<Shown> {
    if (this.refused) return "notice";
    const { services, place, original } = this.#context;
    const { sha256, facts } = this.content.judge.inspection;
    const malware = malwareOf(facts.viruses);
    if (sha256 !== null && services.quarantine.isReleased(sha256, place.user ?? "", malware)) {
      this.#cause = "released from quarantine";
      return "original";
    }
    if (sha256 !== null) this.keptAway.push({ sha256, malware });
    try {
      if (refusal !== null) {
        if (refusal.action.kind === "quarantine") {
          this.#keptId = await keeper.message(this.#copy, refusal, null, null);
        }
        this.#refuseFor(refusal);
        return "notice";
      }
      if (original !== null) await this.#passOverReleased(original);
      await keeper.parts(this.#copy, null);
      await this.#change();
      return this.edits.length === 0 ? "original" : "edited";
    } catch (error) {
      this.#fail(`the quarantine: ${error instanceof Error ? error.message : String(error)}`);
      return "notice";
    }
  }

  /** Parts that somebody released for this mailbox stay where they are. */
  async #passOverReleased(original: HeldOriginal): Promise<void> {
    const { services, place } = this.#context;
    const { editor, decisions } = this.#copy;
    for (const { part } of editor.locks()) {
      const hash = createHash("sha256");
      for await (const piece of streamOf(await original.part(part))) hash.update(piece);
      // An encoded part may be locked away for several of those inside it.
      const changes = decisions.parts.filter(
        ({ inspected, action }) => action.kind === "lock" && editor.editableOf(inspected.part)?.number === part.number,
      );
      const malware = changes.flatMap(({ inspected }) => malwareOf(inspected.look?.scan?.viruses ?? []));
      const sha256 = hash.digest("hex");
      if (!services.quarantine.isReleased(sha256, place.user ?? "", malware)) this.keptAway.push({ sha256, malware });
      else for (const change of changes) decisions.leave(change);
    }
  }

  async #change(): Promise<void> {
    const { original } = this.#context;
    const { editor } = this.#copy;
    editor.editHeader();
    editor.changeParts();
    await editor.modify(async (from, to) => (await original?.bytes(from, to)) ?? new Uint8Array(0));
    this.content.judge.inspection.report.mark("changes");
  }

  #refuseFor(decision: StageDecision | null): void {
    if (decision === null || this.#reason !== null) return;
    this.#cause = this.content.judge.cause;
    this.#decision = decision;
    this.#reason = reasonOf(decision);
  }

  /** It could not be judged, or what had to be kept could not be. */
  #fail(cause: string): void {
    if (this.#reason !== null) return;
    this.#failed = true;
    this.#refuse("uninspectable", { fact: "inspection", test: "can be made now", observed: cause });
    this.#cause = cause;
  }

  #refuse(reason: PublicReason, evidence: Evidence): void {
    if (this.#reason !== null) return;
    this.content.judge.cancel();
    this.#reason = reason;
    this.#cause = `${evidence.fact} ${evidence.observed}, ${evidence.test}`;
    const nothing = { changes: [], observed: [], steps: [], alarms: [] };
    const action = { kind: "replace" } as const;
    this.log.add({ stage: "message", action, rule: null, evidence: [evidence], log: true, ...nothing });
  }
}

function malwareOf(viruses: readonly string[]): string[] {
  return viruses.filter((name) => name !== noVerdict);
}
