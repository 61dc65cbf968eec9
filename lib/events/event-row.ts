import type { DecisionRecord } from "#core/contract/decision.ts";
import type { WorkerEvent } from "#core/contract/event.ts";

/** The searchable columns of a MailEvent, apart from its worker and the event itself; times as ISO 8601. */
export type EventRow = {
  id: string;
  at: string;
  kind: WorkerEvent["kind"];
  messageId: string | null;
  protocol: string | null;
  direction: string | null;
  interface: string | null;
  policy: string | null;
  clientAddress: string | null;
  user: string | null;
  connectionId: string | null;
  sender: string | null;
  recipients: string[];
  subject: string | null;
  messageIdHeader: string | null;
  bytes: number | null;
  verdict: string | null;
  outcome: string | null;
  ruleId: string | null;
  ruleName: string | null;
  revision: number | null;
  reply: string | null;
  alarm: boolean;
};

const nothing = {
  messageId: null,
  protocol: null,
  direction: null,
  interface: null,
  policy: null,
  clientAddress: null,
  user: null,
  connectionId: null,
  sender: null,
  recipients: [],
  subject: null,
  messageIdHeader: null,
  bytes: null,
  verdict: null,
  outcome: null,
  ruleId: null,
  ruleName: null,
  revision: null,
  reply: null,
  alarm: false,
};

/** The columns of an event. For a delivery the outcome is its result, for a connection its end, for a command the command. */
export function eventRow(event: WorkerEvent): EventRow {
  const base = { ...nothing, id: event.id, at: event.at, kind: event.kind };
  switch (event.kind) {
    case "message":
      return {
        ...base,
        ...placeColumns(event),
        ...decisionColumns(event.decision),
        messageId: event.id,
        user: event.user ?? event.auth?.user ?? null,
        connectionId: event.connection ?? null,
        sender: event.sender,
        recipients: event.recipients.map(({ address }) => address),
        subject: event.subject,
        messageIdHeader: event.messageIdHeader,
        bytes: event.bytes,
        outcome: event.outcome,
        reply: event.reply,
      };
    case "session":
      return {
        ...base,
        ...placeColumns(event),
        ...decisionColumns(event.decision),
        user: event.user,
        connectionId: event.connection ?? null,
        reply: event.reply,
      };
    case "connection":
      return {
        ...base,
        ...placeColumns(event),
        user: event.user,
        connectionId: event.id,
        outcome: event.end,
        alarm: event.alarm !== undefined,
      };
    case "delivery": {
      const recipients = event.recipients.map(({ address }) => address);
      return { ...base, messageId: event.messageId, recipients, outcome: event.result, reply: event.reply };
    }
    case "notice": {
      const recipients = event.recipients.map(({ address }) => address);
      return { ...base, messageId: event.messageId, recipients, sender: event.to, outcome: event.notice };
    }
    case "queue":
    case "quarantine":
      return { ...base, messageId: event.messageId, outcome: event.command };
    default:
      return event satisfies never;
  }
}

type PlacedEvent = Extract<WorkerEvent, { kind: "message" | "session" | "connection" }>;

function placeColumns({ protocol, direction, interface: name, policy, client }: PlacedEvent) {
  return { protocol, direction, interface: name, policy, clientAddress: client.address };
}

function decisionColumns(decision: DecisionRecord | null) {
  if (decision === null) return {};
  const { verdict, ruleId, ruleName, revision, alarms = [] } = decision;
  return { verdict, ruleId, ruleName, revision, alarm: alarms.length > 0 };
}
