import { linesOf } from "#components/ui/lines.ts";
import { type ReadForm, readForm } from "#components/ui/read-form.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { mailboxMessagesMax, pastedMessageBytesMax } from "#core/contract/simulation.ts";
import { type GivenInput, type Pop3Input, simulationInputSchema } from "#core/contract/simulation-input.ts";
import type { Try } from "#lib/simulator/simulator-input.ts";
import { base64Of } from "./given-message.ts";

export type GivenFile = { name: string; bytes: number; base64: string };

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
  utf8: boolean;
  /** Empty: none is asked for. */
  language: string;
  commands: Pop3Input["commands"];
  /** none: the envelope alone. given: `text`, or the files where there are some. kept: what is still kept of the past message; facts: what it was judged by. */
  message: "none" | "given" | "kept" | "facts";
  text: string;
  /** POP3: each lies in the mailbox. */
  files: GivenFile[];
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
  utf8: false,
  language: "",
  commands: ["STAT", "UIDL", "RETR"],
  message: "given",
  text: "",
  files: [],
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
    const { protocol, user, login, utf8, language, commands } = input;
    return { ...draft, protocol, user, login, utf8, language: language ?? "", commands };
  }
  const { helo, user, sender, recipients } = input;
  return { ...draft, helo, user: user ?? "", sender, recipients: recipients.join("\n") };
}

/** What is asked for, or what is wrong by its field; `message` is one. `pastId`: the past message. */
export function readTrial(draft: SimulatorDraft, pastId: string | null, now: Date): ReadForm<Try> {
  const { policy, dns, scanners } = draft;
  const message = messageOf(draft, pastId);
  const input = readForm(simulationInputSchema, { ...inputOf(draft), at: now.toISOString() });
  if (typeof message === "string") return { ok: false, problems: { message, ...(!input.ok && input.problems) } };
  if (!input.ok) return input;
  const others = draft.protocol === "pop3" && draft.message === "given" ? draft.files.slice(1) : [];
  const asked: Try = {
    policy: policy === "draft" || policy === "live" ? policy : Number(policy),
    input: input.value,
    message,
    others: others.map(({ base64 }) => base64),
    ask: { dns, scanners },
  };
  return { ok: true, value: asked };
}

/** What the client is and says. */
export function inputOf(draft: SimulatorDraft): GivenInput {
  const { interface: name, tls, login, utf8, commands } = draft;
  const port = draft.port.trim() === "" ? null : Number(draft.port);
  const user = draft.user.trim();
  const client = { interface: name, port, client: draft.client.trim(), tls };
  if (draft.protocol === "pop3") {
    const language = draft.language.trim() === "" ? null : draft.language.trim();
    return { protocol: "pop3", ...client, user, login, utf8, language, commands };
  }
  return {
    ...client,
    helo: draft.helo.trim(),
    user: user === "" ? null : user,
    sender: draft.sender.trim().replace(/^<(.*)>$/, "$1"),
    recipients: linesOf(draft.recipients),
  };
}

function messageOf({ message, text, files }: SimulatorDraft, pastId: string | null): Try["message"] | string {
  if ((message === "kept" || message === "facts") && pastId !== null) return { kind: message, id: pastId };
  if (message === "none") return { kind: "none" };
  const [file] = files;
  if (file !== undefined) return file.bytes === 0 ? emptyWords : { kind: "given", base64: file.base64 };
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0) return emptyWords;
  return tooLarge([bytes.length]) ?? { kind: "given", base64: base64Of(bytes) };
}

const emptyWords =
  "There is no message: it is empty. Paste its source or choose its file, or choose None above to try without one.";

/** Why messages of so many bytes are not taken, or null. */
export function tooLarge(sizes: readonly number[]): string | null {
  if (sizes.length > mailboxMessagesMax)
    return `At most ${mailboxMessagesMax} messages can lie in the mailbox; these are ${sizes.length.toLocaleString("en")}. Choose fewer.`;
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= pastedMessageBytesMax) return null;
  const mebibytes = (bytes / 1_048_576).toLocaleString("en", { maximumFractionDigits: 1 });
  const limit = `${pastedMessageBytesMax / 1_048_576} MiB`;
  return sizes.length === 1
    ? `A message of up to ${limit} can be tried; this one has ${mebibytes} MiB. Take out a large part of it, or send it through for real.`
    : `Messages of up to ${limit} together can be tried; these have ${mebibytes} MiB. Choose fewer.`;
}
