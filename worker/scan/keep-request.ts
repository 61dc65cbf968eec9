import type { Evidence } from "#core/contract/decision.ts";
import type { QuarantineCause } from "#core/contract/quarantine.ts";
import { noVerdict } from "#core/contract/scanner.ts";
import type { MessageSummary } from "#core/message/inspector.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { KeepRequest } from "../quarantine/quarantine.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import type { Lock } from "./content-editor.ts";

/** Where a message comes from and goes to, for its quarantine entry and its notices. */
export type ContentPlace = Pick<
  KeepRequest,
  | "protocol"
  | "direction"
  | "interface"
  | "policy"
  | "route"
  | "clientAddress"
  | "sender"
  | "recipients"
  | "user"
  | "revision"
> & {
  /** The message's. */
  id: string;
};

const malwareNamesMax = 20;
const recipientsMax = 1_000;

type Found = { summary: MessageSummary; viruses: readonly string[]; envelope: SpoolEnvelope | null };

/** For a message that a rule keeps. */
export function keepMessage(place: ContentPlace, decision: StageDecision, found: Found): KeepRequest {
  return { ...common(place, decision, found), id: place.id, kind: "message", fileName: null, contentType: null };
}

/** For a part that a rule locks away. */
export function keepPart(place: ContentPlace, { id, part, change }: Lock, found: Found): KeepRequest {
  return {
    ...common(place, change.decision, found),
    id,
    kind: "part",
    fileName: part.fileNames[0] ?? null,
    contentType: part.contentTypes[0] ?? null,
  };
}

function common({ id, ...place }: ContentPlace, decision: StageDecision, { summary, viruses, envelope }: Found) {
  const { action, rule } = decision;
  return {
    ...place,
    messageId: id,
    recipients: place.recipients.slice(0, recipientsMax),
    cause: causeOf(decision),
    malware: viruses.filter((name) => name !== noVerdict).slice(0, malwareNamesMax),
    ruleId: rule?.id ?? null,
    ruleName: rule?.name ?? null,
    from: summary.from,
    subject: summary.subject,
    days: ("days" in action ? action.days : undefined) ?? null,
    envelope,
  };
}

const causes: readonly [QuarantineCause, (evidence: Evidence) => boolean][] = [
  ["malware", ({ fact }) => fact === "virus"],
  ["spam", ({ fact }) => fact.startsWith("spam")],
  ["dlp", ({ fact }) => fact === "dictionary"],
  ["authentication", ({ fact, observed }) => senderFacts.has(fact) || (fact === "trait" && observed === "spoofed")],
];
const senderFacts: ReadonlySet<string> = new Set([
  "spf",
  "dkim",
  "dkimDomain",
  "dmarc",
  "dmarcPolicy",
  "arc",
  "reverseName",
  "heloCheck",
  "dnsbl",
  "dnsblScore",
]);

/** What the rule says, else what its evidence speaks of. */
function causeOf({ action, stage, evidence }: StageDecision): QuarantineCause {
  if (action.kind === "quarantine" && action.cause !== undefined) return action.cause;
  const found = causes.find(([, fits]) => evidence.some(fits));
  if (found !== undefined) return found[0];
  if (stage === "attachment") return "attachment";
  return action.kind === "hold" ? "approval" : "content";
}
