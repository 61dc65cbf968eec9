import type { Facts } from "#core/contract/facts.ts";
import { bytesOfText } from "#core/message/byte-text.ts";
import { EditList } from "#core/message/rewrite/edit.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { Hold } from "#core/policy/content-needs.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { HeldOriginal } from "../scan/held-original.ts";
import type { ContentPlace } from "../scan/keep-request.ts";
import { type ContentCopy, type CopyRequest, MessageContent, scansWholeMessages } from "../scan/message-content.ts";
import { MessageHold } from "../scan/message-hold.ts";
import { ReleaseGate } from "../scan/release-gate.ts";
import type { ScanEnvelope } from "../scanners/scanner.ts";
import type { SenderAuth } from "../sender-auth/sender-check.ts";
import type { TopRequest } from "../sender-auth/top-fields.ts";
import type { Group } from "./envelope.ts";
import { recipientFacts } from "./envelope-facts.ts";
import { messageIdFor } from "./message-id-destination.ts";
import type { MessageRecord } from "./message-record.ts";
import { smtpSenderCheck, smtpSenderQuestion } from "./sender-question.ts";
import type { TransactionOptions } from "./transaction-options.ts";

export type SmtpCopy = { group: Group; record: MessageRecord };

/** Where the bytes of a message wait: what is released of it, and the whole of it for others to read. */
export type HeldMessage = { hold: MessageHold; original: HeldOriginal };

/** How one message is looked into. `held` null: it passes as it comes. `edits`: of each copy, where there are several. */
export type SmtpContent = {
  content: MessageContent;
  held: HeldMessage | null;
  edits: readonly EditList[];
  /** What was asked about the sender, beside what was found. */
  seen(auth: SenderAuth | null): TopRequest["seen"];
};

/** Whether anything of a message with so many copies may have to wait: to be changed, kept, read again, or left out for some of them. */
export function holdsMessages({ action }: TransactionOptions["governing"]["policy"], copies: number): boolean {
  if (action.needs.hold.what !== "nothing" || scansWholeMessages(action)) return true;
  const { rules = [], noneMatched } = action.rulesets.get("message") ?? {};
  return copies > 1 && [...rules, noneMatched].some((rule) => rule?.action.kind === "discard");
}

/** `facts`: of the session and the sender. Of a message with several copies nothing is released before all of it was judged. */
export function openContent(
  options: TransactionOptions,
  facts: Facts,
  sender: Mailbox | null,
  copies: readonly SmtpCopy[],
): SmtpContent {
  const { governing, admission, definition } = options;
  const { action } = governing.policy;
  const [first] = copies;
  if (first === undefined) throw new Error("a message without copies");
  const held = holdsMessages(governing.policy, copies.length)
    ? hold(options, first.record.id, copies.length > 1)
    : null;
  const only = copies.length === 1 ? held : null;
  // Where nothing goes before the verdict the edits are gathered: copies to others need them too.
  const atOnce = action.needs.hold.what === "all" ? null : (only?.hold ?? null);
  const edits = copies.map(() => new EditList());
  const renames = held !== null && definition.settings.messageIdHeader === "replace";
  const holding = held === null ? action.needs.hold : holdOf(action, copies.length > 1, renames);
  const requests = copies.map(
    ({ group, record }, index): CopyRequest => ({
      facts: { ...facts, ...recipientFacts(group.judgedAs), recipientCount: group.judgedAs.length },
      log: record.log,
      judgedBy: record.facts,
      place: placeOf(options, sender, group, record),
      edit: (edit) => (atOnce === null ? edits[index]?.add(edit) : atOnce.edit(edit)),
      messageId: renames ? (old) => renamed(record, old, definition.settings.hostName) : null,
    }),
  );
  const question = smtpSenderQuestion(options, sender);
  const content = new MessageContent({
    action,
    services: admission.services,
    copies: requests,
    senderCheck: question === null ? null : smtpSenderCheck(options, question),
    envelope: action.content.scanners.length === 0 ? null : scanEnvelope(options, sender, copies, first.record.id),
    original: held === null ? null : () => held.original.whole(),
    hold: holding,
    digest: false,
    gate: only === null ? null : (copy) => gate(holding, copy, only.hold),
  });
  const seen = (auth: SenderAuth | null) =>
    auth === null || question === null ? null : { auth, asks: question.asks, sender: question.sender };
  return { content, held, edits, seen };
}

function gate({ what }: Hold, { decisions, editor }: ContentCopy, hold: MessageHold): ReleaseGate {
  return new ReleaseGate(what, decisions, editor, (offset) => hold.releaseTo(offset));
}

function renamed(record: MessageRecord, old: string, hostName: string): string {
  record.messageIdReplacement = messageIdFor(bytesOfText(old), hostName);
  return record.messageIdReplacement;
}

function scanEnvelope(
  { client }: TransactionOptions,
  sender: Mailbox | null,
  copies: readonly SmtpCopy[],
  queueId: string,
): ScanEnvelope {
  return {
    clientAddress: client.address,
    clientName: null,
    helo: client.helo,
    sender: sender?.address ?? "",
    recipients: copies.flatMap(({ group }) => group.judgedAs.map(({ address }) => address)),
    user: client.auth?.user ?? null,
    queueId,
  };
}

/** Several copies wait as a whole; the header waits where a field of it is replaced. */
function holdOf({ needs }: CompiledProxyAction, isSplit: boolean, renames: boolean): Hold {
  if (isSplit) return { what: "all", why: ["it goes in several copies"] };
  if (needs.hold.what === "nothing" && renames) return { what: "header", why: ["the Message-ID is replaced"] };
  return needs.hold;
}

function hold({ governing, admission }: TransactionOptions, id: string, isSplit: boolean): HeldMessage {
  const { action } = governing.policy;
  const keepsAll = isSplit || action.needs.hold.what === "all" || scansWholeMessages(action) || locksParts(action);
  const hold = new MessageHold(admission.services.holdRoom, `message-${id}`, keepsAll);
  return { hold, original: new HeldOriginal(hold) };
}

function locksParts({ rulesets }: CompiledProxyAction): boolean {
  const attachment = rulesets.get("attachment");
  return [...(attachment?.rules ?? []), attachment?.noneMatched].some((rule) => rule?.action.kind === "lock");
}

function placeOf(
  { governing, client }: TransactionOptions,
  sender: Mailbox | null,
  { leg, recipients }: Group,
  record: MessageRecord,
): ContentPlace {
  const { policy, revision } = governing;
  return {
    id: record.id,
    protocol: "smtp",
    direction: policy.action.definition.direction,
    interface: policy.fromInterface,
    policy: policy.name,
    route: leg.place.routeName,
    clientAddress: client.address,
    sender: sender?.address ?? "",
    recipients: recipients.map(({ address }) => address),
    user: client.auth?.user ?? null,
    revision,
  };
}
