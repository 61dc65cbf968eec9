import { isIP } from "node:net";
import { Readable } from "node:stream";
import { callbackify } from "node:util";
import type { Action } from "#core/contract/action.ts";
import type { Facts, Stage } from "#core/contract/facts.ts";
import { noVerdict } from "#core/contract/scanner.ts";
import { bytesOfText } from "#core/message/byte-text.ts";
import { EditList } from "#core/message/rewrite/edit.ts";
import type { CompiledMailPolicy, CompiledProxyAction, CompiledRuleset } from "#core/policy/compile.ts";
import { DecisionRecorder } from "#core/policy/decision-record.ts";
import { type Mailbox, readPath } from "#core/smtp/path.ts";
import { sourceOf, streamOf } from "../quarantine/content-stream.ts";
import { partMessage } from "../quarantine/part-message.ts";
import type { ContentSource, JudgeKept, KeptJudgement } from "../quarantine/quarantine.ts";
import { recipientFacts, senderFacts } from "../smtp/envelope-facts.ts";
import { messageIdFor } from "../smtp/message-id-destination.ts";
import { outgoingFields } from "../smtp/outgoing-fields.ts";
import { bytesBetween, editedSource } from "./edited-source.ts";
import { FactLog } from "./fact-log.ts";
import { type ContentCopy, type ContentParts, MessageContent } from "./message-content.ts";

export type KeptJudgeParts = {
  /** The policy of that name in force; null: there is none any more. */
  policyOf(name: string): CompiledMailPolicy | null;
  content: ContentParts;
  /** What a policy calls itself. */
  hostNameOf(policy: string): string;
  newId(): string;
  now(): number;
};

type Kept = Parameters<JudgeKept>[0];

/** Looks again at what was kept, under the policy of the same name that is in force now. */
export function keptJudge(parts: KeptJudgeParts): JudgeKept {
  return (kept, done) =>
    callbackify(() => judge(kept, parts))((error: Error | null, judgement?: KeptJudgement) =>
      done(error, judgement ?? null),
    );
}

async function judge(kept: Kept, parts: KeptJudgeParts): Promise<KeptJudgement> {
  const { entry, content: own, passOver, malware } = kept;
  const policy = parts.policyOf(entry.policy);
  if (policy === null) return refused(`there is no policy "${entry.policy}" any more`);
  const action = without(policy.action, passOver);
  const message = entry.kind === "part" ? bringing(kept, parts) : own;
  const edits = new EditList();
  const content = contentOf(kept, malware ? withoutScanners(action) : action, message, edits, parts);
  const failure = await lookAt(content, message);
  if (failure !== null) throw new Error(failure);
  const [copy] = content.copies;
  if (copy === undefined) throw new Error("a message without a copy");
  const found = content.judge.inspection.facts.viruses.filter((name) => name !== noVerdict);
  if (found.length > 0 && !malware) return refused(`malware is found in it: ${found.join(", ")}`);
  // The rule that is passed over may be the one that stops what no scanner has judged.
  if (content.judge.inspection.facts.viruses.length > found.length && !malware)
    throw new Error("a scanner gives no verdict now");
  const { refusal, cause, parts: changed } = copy.decisions;
  // The rule that is passed over may be the only one that refuses what scanners cannot see.
  const unseen = action.content.scanners.length > 0 && !malware ? content.judge.inspection.unread : null;
  const unread = cause ?? unseen;
  if (unread !== null) return refused(`it cannot be inspected: ${unread}`);
  if (refusal !== null) return refused(`the rule "${refusal.rule?.name ?? "none matched"}" stops it`);
  const { redirect } = copy.decisions;
  if (redirect !== null)
    return refused(`the rule "${redirect.rule?.name ?? "none matched"}" sends it to somebody else`);
  if (entry.kind === "message")
    return { goes: true, content: await changedBy(policy, copy, content, message, edits, parts) };
  const [change] = changed;
  if (change === undefined) return { goes: true, content: own };
  return refused(`the rule "${change.decision.rule?.name ?? "none matched"}" stops it`);
}

/** The message that will bring the part. */
function bringing({ entry, content }: Kept, { hostNameOf, newId, now }: KeptJudgeParts): ContentSource {
  const about = { entry, id: newId(), hostName: hostNameOf(entry.policy), at: now() };
  return sourceOf(content.bytes, () => Readable.from(partMessage(about, content), { objectMode: false }));
}

function refused(reason: string): KeptJudgement {
  return { goes: false, reason };
}

function contentOf(
  { entry, envelope }: Kept,
  action: CompiledProxyAction,
  message: ContentSource,
  edits: EditList,
  { content, now }: KeptJudgeParts,
): MessageContent {
  const recipients = envelope.recipients.flatMap(({ address }) => mailbox(address) ?? []);
  const { definition } = action;
  const renames = definition.protocol === "smtp" && definition.settings.messageIdHeader === "replace";
  const facts: Facts = {
    ...(isIP(entry.clientAddress) === 0 ? {} : { clientAddress: entry.clientAddress }),
    ...senderFacts(mailbox(envelope.sender)),
    ...recipientFacts(recipients),
    recipientCount: recipients.length,
    authUser: [entry.user ?? ""],
  };
  return new MessageContent({
    action,
    services: { recorder: { ruleHit: () => undefined }, now, content },
    copies: [
      {
        facts,
        log: new DecisionRecorder(),
        judgedBy: new FactLog(),
        place: { ...entry, id: entry.id },
        edit: (edit) => edits.add(edit),
        messageId: renames ? (old) => messageIdFor(bytesOfText(old), definition.settings.hostName) : null,
      },
    ],
    senderCheck: null,
    envelope: null,
    original: () => message,
    hold: renames ? { what: "all", why: [] } : action.needs.hold,
    digest: true,
    gate: null,
  });
}

/** Null: it was judged; else why it cannot be now. */
async function lookAt({ judge: content }: MessageContent, message: ContentSource): Promise<string | null> {
  let bytes = 0;
  try {
    for await (const piece of streamOf(message)) {
      bytes += piece.length;
      content.write(piece);
    }
    return await new Promise((resolve) => content.end(bytes, ({ failure }) => resolve(failure)));
  } finally {
    content.cancel();
  }
}

/** The message with the changes that rules and settings make, as at its first delivery. */
async function changedBy(
  { action: { definition } }: CompiledMailPolicy,
  copy: ContentCopy,
  content: MessageContent,
  message: ContentSource,
  edits: EditList,
  { content: { signingKeys: keys }, now }: KeptJudgeParts,
): Promise<ContentSource> {
  const { editor } = copy;
  editor.editHeader();
  // A part that another rule locks away lies in quarantine already, in the message.
  for (const { part } of editor.locks()) editor.lockIds.set(part.number, copy.place.id);
  editor.changeParts();
  await editor.modify((from, to) => bytesBetween(message, from, to));
  if (definition.protocol !== "smtp") return editedSource(message, edits);
  const fromReadings = content.judge.summary.fromAddresses;
  const original = () => message;
  const request = { definition, copy, edits, fromReadings, seen: null, keys, original, now: now() };
  const { bytes } = await outgoingFields(request);
  return editedSource(message, edits, bytes);
}

function mailbox(address: string): Mailbox | null {
  const read = readPath(`<${address}>`);
  return read.ok ? read.mailbox : null;
}

const contentStages: ReadonlySet<Stage> = new Set(["header", "attachment", "message"]);
const kept: ReadonlySet<Action["kind"]> = new Set(["quarantine", "hold", "lock"]);

/** The proxy action as if the rule were not there; null: as if what matches no rule were not kept. */
function without(action: CompiledProxyAction, ruleId: string | null): CompiledProxyAction {
  const rulesets = Array.from(action.rulesets, ([stage, ruleset]): [Stage, CompiledRuleset] => {
    if (!contentStages.has(stage)) return [stage, ruleset];
    const { noneMatched } = ruleset;
    const passes = ruleId === null && kept.has(noneMatched.action.kind);
    return [
      stage,
      {
        rules: ruleset.rules.filter(({ id }) => id !== ruleId),
        noneMatched: passes ? { ...noneMatched, action: { kind: "allow" } } : noneMatched,
      },
    ];
  });
  return { ...action, rulesets: new Map(rulesets) };
}

function withoutScanners(action: CompiledProxyAction): CompiledProxyAction {
  return { ...action, content: { ...action.content, scanners: [] } };
}
