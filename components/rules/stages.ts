import type { FactName, Stage } from "#core/contract/facts.ts";

const stages: Record<Stage, { title: string; what: string; fact: FactName }> = {
  greeting: { title: "Greeting", what: "connection", fact: "clientAddress" },
  auth: { title: "Authentication", what: "AUTH exchange", fact: "authMechanism" },
  command: { title: "Command", what: "POP3 command", fact: "command" },
  sender: { title: "Sender", what: "sender", fact: "senderDomain" },
  recipient: { title: "Recipient", what: "recipient", fact: "recipient" },
  header: { title: "Header", what: "header line", fact: "headerName" },
  attachment: { title: "Attachment", what: "attachment", fact: "fileName" },
  message: { title: "Message", what: "message", fact: "messageBytes" },
};

export function stageTitle(stage: Stage): string {
  return stages[stage].title;
}

/** What a rule of the ruleset is asked about, singular: `attachment`. */
export function stageWhat(stage: Stage): string {
  return stages[stage].what;
}

/** The fact that a list of patterns of the ruleset is about. */
export function patternFact(stage: Stage): FactName {
  return stage === "message" ? "subject" : stages[stage].fact;
}

/** The fact that a new condition begins with. */
export function firstFact(stage: Stage): FactName {
  return stages[stage].fact;
}
