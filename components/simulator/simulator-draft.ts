import { linesOf } from "#components/ui/lines.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { pastedMessageBytesMax } from "#core/contract/simulation.ts";
import type { GivenInput, Pop3Input } from "#core/contract/simulation-input.ts";
import type { Try } from "#lib/simulator/simulator-input.ts";
import { base64Of } from "./given-message.ts";

/** The form of a trial as typed, with the fields of both protocols. `policy`: draft, live or a revision's number. */
export type SimulatorDraft = {
  policy: string;
  protocol: Protocol;
  interface: string;
  /** Empty: the first listener that takes the client. */
  port: string;
  client: string;
  helo: string;
  tls: boolean;
  user: string;
  sender: string;
  recipients: string;
  login: Pop3Input["login"];
  commands: Pop3Input["commands"];
  /** none: the envelope alone. given: `text`, or the file where there is one. kept: what is still kept of the past message. */
  message: "none" | "given" | "kept";
  text: string;
  file: { name: string; base64: string } | null;
  dns: boolean;
  scanners: boolean;
};

const blank: SimulatorDraft = {
  policy: "draft",
  protocol: "smtp",
  interface: "",
  port: "",
  client: "192.0.2.7",
  helo: "client.example",
  tls: false,
  user: "",
  sender: "",
  recipients: "",
  login: "USER",
  commands: ["STAT", "UIDL", "RETR"],
  message: "given",
  text: "",
  file: null,
  dns: false,
  scanners: false,
};

export function blankDraft(interfaceName: string): SimulatorDraft {
  return { ...blank, interface: interfaceName };
}

export function draftOf(input: GivenInput, message: SimulatorDraft["message"]): SimulatorDraft {
  const { interface: name, port, client, tls } = input;
  const draft = { ...blank, interface: name, port: port === null ? "" : String(port), client, tls, message };
  if (input.protocol === "pop3") {
    const { protocol, user, login, commands } = input;
    return { ...draft, protocol, user, login, commands };
  }
  const { helo, user, sender, recipients } = input;
  return { ...draft, helo, user: user ?? "", sender, recipients: recipients.join("\n") };
}

/** What is asked for, or a sentence why it cannot be; `keptId`: the past message. */
export function tryOf(draft: SimulatorDraft, keptId: string | null, now: Date): Try | string {
  const { policy, dns, scanners } = draft;
  const message = messageOf(draft, keptId);
  if (typeof message === "string") return message;
  return {
    policy: policy === "draft" || policy === "live" ? policy : Number(policy),
    input: { ...inputOf(draft), at: now.toISOString() },
    message,
    ask: { dns, scanners },
  };
}

/** What the client is and says. */
export function inputOf(draft: SimulatorDraft): GivenInput {
  const { interface: name, tls, login, commands } = draft;
  const port = draft.port.trim() === "" ? null : Number(draft.port);
  const user = draft.user.trim();
  const client = { interface: name, port, client: draft.client.trim(), tls };
  if (draft.protocol === "pop3") return { protocol: "pop3", ...client, user, login, commands };
  return {
    ...client,
    helo: draft.helo.trim(),
    user: user === "" ? null : user,
    sender: draft.sender.trim().replace(/^<(.*)>$/, "$1"),
    recipients: linesOf(draft.recipients),
  };
}

function messageOf({ message, text, file }: SimulatorDraft, keptId: string | null): Try["message"] | string {
  if (message === "kept" && keptId !== null) return { kind: "kept", id: keptId };
  if (message === "none") return { kind: "none" };
  if (file !== null) return { kind: "given", base64: file.base64 };
  const bytes = new TextEncoder().encode(text);
  return tooLarge(bytes.length) ?? { kind: "given", base64: base64Of(bytes) };
}

/** Why a message of so many bytes is not taken, or null. */
export function tooLarge(bytes: number): string | null {
  if (bytes <= pastedMessageBytesMax) return null;
  const mebibytes = (bytes / 1_048_576).toLocaleString("en", { maximumFractionDigits: 1 });
  return `A message of up to ${pastedMessageBytesMax / 1_048_576} MiB can be tried; this one has ${mebibytes} MiB.`;
}
