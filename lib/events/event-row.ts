import type { DecisionRecord } from "#core/contract/decision.ts";
import type { MessageEvent, WorkerEvent } from "#core/contract/event.ts";

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
      return { ...base, ...placeColumns(event), ...decisionColumns(event.decision), ...messageColumns(event) };
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
      const { messageId, result: outcome, reply } = event;
      return { ...base, messageId, recipients: addressesOf(event), outcome, reply };
    }
    case "notice": {
      const { messageId, to: sender, notice: outcome } = event;
      return { ...base, messageId, recipients: addressesOf(event), sender, outcome };
    }
    case "queue":
    case "quarantine":
      return { ...base, messageId: event.messageId, outcome: event.command };
    case "operation":
      return { ...base, outcome: event.command };
    default:
      return event satisfies never;
  }
}

function messageColumns(event: MessageEvent) {
  const { id, sender, subject, messageIdHeader, bytes, outcome, reply } = event;
  const user = event.user ?? event.auth?.user ?? null;
  const ids = { messageId: id, connectionId: event.connection ?? null };
  return { ...ids, user, sender, recipients: addressesOf(event), subject, messageIdHeader, bytes, outcome, reply };
}

function addressesOf({ recipients }: { recipients: readonly { address: string }[] }): string[] {
  return recipients.map(({ address }) => address);
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
