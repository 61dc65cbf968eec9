import type { MessageEvent, NoticeEvent, QuarantineEvent, QueueEvent, SessionEvent } from "#core/contract/event.ts";
import type { FollowUp } from "#lib/messages/queries.ts";

/** One thing that happened. `quote` is a stranger's text. `at` is absent where only the order is known. `next`: when it is tried again. */
export type TimelineEntry = { at?: string; title: string; quote?: string | null; notes?: string[]; next?: string };

const commandWords: Record<QueueEvent["command"], string> = {
  "retry-now": "asked for another attempt",
  hold: "put it on hold",
  release: "released it",
  delete: "deleted it; the sender was not told",
  return: "returned it to its sender",
  bounce: "deleted it; the sender was told",
  reroute: "sent it on by another route",
  expire: "removed it: it had failed, and was kept long enough",
};

/** What happened to a message or session, in order. */
export function timelineOf(event: MessageEvent | SessionEvent, followUps: readonly FollowUp[]): TimelineEntry[] {
  const session = event.kind === "session" ? sessionEntries(event) : messageEntries(event);
  return [...session, ...followUps.map(followUpEntry)];
}

function connection({ client, interface: name, policy, protocol }: MessageEvent | SessionEvent): string {
  return `${protocol.toUpperCase()} connection from ${client.address} port ${client.port} on ${name}, policy ${policy}`;
}

function greeting({ protocol, helo, user }: MessageEvent | SessionEvent): TimelineEntry[] {
  const name = protocol === "smtp" ? helo : user;
  if (name === null) return [];
  return [{ title: protocol === "smtp" ? "Client named itself" : "Mailbox user", quote: name }];
}

function sessionEntries(event: SessionEvent): TimelineEntry[] {
  return [
    { title: connection(event) },
    ...greeting(event),
    ...decisionEntries(event.decision),
    { at: event.at, title: "Session ended before any message", notes: [event.cause] },
    ...replyEntries("Reply to the client", event.reply),
  ];
}

function messageEntries(event: MessageEvent): TimelineEntry[] {
  const began = new Date(Date.parse(event.at) - event.durationMs).toISOString();
  const upstream = event.upstream === null ? "Reply of the other server" : `Reply of ${event.upstream}`;
  return [
    { at: began, title: connection(event) },
    ...greeting(event),
    ...(event.protocol === "smtp" ? envelopeEntries(event) : []),
    ...(event.bytes > 0 ? [{ title: `Content: ${event.bytes} bytes, ${countAttachments(event)}` }] : []),
    ...decisionEntries(event.decision),
    ...replyEntries(upstream, event.upstreamReply),
    ...(event.cause === null ? [] : [{ title: "Cause", notes: [event.cause] }]),
    ...replyEntries("Reply to the client", event.reply, event.at),
  ];
}

function countAttachments({ attachments }: MessageEvent): string {
  return attachments.length === 1 ? "1 attachment" : `${attachments.length} attachments`;
}

function envelopeEntries({ sender, recipients }: MessageEvent): TimelineEntry[] {
  return [
    { title: "MAIL FROM", quote: `<${sender ?? ""}>` },
    ...recipients.map(({ address, reply }) => ({
      title: "RCPT TO",
      quote: `<${address}>`,
      notes: reply === null ? [] : [reply],
    })),
  ];
}

function decisionEntries(decision: SessionEvent["decision"]): TimelineEntry[] {
  if (decision === null) return [];
  const by = decision.ruleName === null ? "no rule matched" : `rule “${decision.ruleName}”`;
  const stage = decision.stage === null ? "" : ` at stage ${decision.stage}`;
  const observed = decision.observed.map(({ ruleName, verdict }) => `Rule “${ruleName}” in observe would ${verdict}.`);
  return [{ title: `Decision of r${decision.revision}: ${decision.verdict}, ${by}${stage}`, notes: observed }];
}

function replyEntries(title: string, reply: string | null, at?: string): TimelineEntry[] {
  if (reply === null) return at === undefined ? [] : [{ at, title: "End" }];
  return [{ ...(at !== undefined && { at }), title, quote: reply }];
}

/** What happened to a message later, as one entry. */
export function followUpEntry(event: FollowUp): TimelineEntry {
  if (event.kind === "queue") return { at: event.at, title: `${event.by} ${commandWords[event.command]}` };
  if (event.kind === "quarantine") return quarantineEntry(event);
  if (event.kind === "notice") return noticeEntry(event);
  const target = event.upstream === null ? "" : ` to ${event.upstream}`;
  const notes = event.recipients.map(({ address, reply }) => `<${address}>: ${reply}`);
  return {
    at: event.at,
    title: `Delivery attempt ${event.attempt}${target}: ${event.result}`,
    quote: event.reply,
    notes,
    ...(event.nextAttemptAt !== null && { next: event.nextAttemptAt }),
  };
}

const noticeWords: Record<NoticeEvent["notice"], string> = {
  failed: "that it could not be delivered",
  delayed: "that it still waits",
  relayed: "that it went on to a server that tells no more",
};

function noticeEntry({ at, notice, to, noticeId, recipients }: NoticeEvent): TimelineEntry {
  const notes = recipients.map(({ address, reply }) => `<${address}>: ${reply}`);
  return { at, title: `Sender told ${noticeWords[notice]}, by ${noticeId}`, quote: `<${to}>`, notes };
}

function quarantineEntry({ at, by, command, entryId, recipients, reason }: QuarantineEvent): TimelineEntry {
  const what = {
    release: `${by} released ${entryId} from quarantine${recipients.length === 0 ? "" : ` to ${recipients.join(", ")}`}`,
    delete: `${by} deleted ${entryId} from quarantine`,
    expire: `${entryId} expired in quarantine`,
  }[command];
  return { at, title: what, notes: reason === null || reason === "" ? [] : [reason] };
}
