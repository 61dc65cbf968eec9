import { linesOf } from "#components/ui/lines.ts";
import { type PolicyTest, testMessageMax } from "#core/contract/policy-test.ts";
import type { SimulationInput } from "#core/contract/simulation-input.ts";
import type { Try } from "#lib/simulator/simulator-input.ts";
import { base64Of } from "./given-message.ts";

/** The form of a trial as typed. `policy`: draft, live or a revision's number. */
export type SimulatorDraft = {
  policy: string;
  interface: string;
  /** Empty: the first listener that takes the client. */
  port: string;
  client: string;
  helo: string;
  tls: boolean;
  user: string;
  sender: string;
  recipients: string;
  /** none: the envelope alone. given: `text`, or the file where there is one. kept: what is still kept of the past message. */
  message: "none" | "given" | "kept";
  text: string;
  file: { name: string; bytes: Uint8Array } | null;
  dns: boolean;
  scanners: boolean;
};

export function draftOf(input: Omit<SimulationInput, "at">, message: SimulatorDraft["message"]): SimulatorDraft {
  return {
    policy: "draft",
    interface: input.interface,
    port: input.port === null ? "" : String(input.port),
    client: input.client,
    helo: input.helo,
    tls: input.tls,
    user: input.user ?? "",
    sender: input.sender,
    recipients: input.recipients.join("\n"),
    message,
    text: "",
    file: null,
    dns: false,
    scanners: false,
  };
}

/** What is asked for; `keptId`: the past message. */
export function tryOf(draft: SimulatorDraft, keptId: string | null, now: Date): Try {
  const { policy, interface: name, port, client, helo, tls, user, sender, recipients, dns, scanners } = draft;
  return {
    policy: policy === "draft" || policy === "live" ? policy : Number(policy),
    input: {
      interface: name,
      port: port.trim() === "" ? null : Number(port),
      client: client.trim(),
      helo: helo.trim(),
      tls,
      user: user.trim() === "" ? null : user.trim(),
      sender: sender.trim().replace(/^<(.*)>$/, "$1"),
      recipients: linesOf(recipients),
      at: now.toISOString(),
    },
    message: messageOf(draft, keptId),
    ask: { dns, scanners },
  };
}

function messageOf({ message, text, file }: SimulatorDraft, keptId: string | null): Try["message"] {
  if (message === "kept" && keptId !== null) return { kind: "kept", id: keptId };
  if (message === "none") return { kind: "none" };
  return { kind: "given", base64: base64Of(file?.bytes ?? new TextEncoder().encode(text)) };
}

/** The form as a policy test had it. */
export function draftOfTest({ given, message }: PolicyTest): SimulatorDraft {
  return { ...draftOf(given, message === undefined ? "none" : "given"), text: message ?? "" };
}

/** What was tried as a policy test; a sentence where it cannot be one. */
export function testOf(draft: SimulatorDraft, name: string, must: PolicyTest["must"]): PolicyTest | string {
  const { at: _at, ...given } = tryOf(draft, null, new Date()).input;
  if (draft.message === "none") return { name, given, must };
  if (draft.message === "kept") return "What is kept of a message does not go into a test: paste its source.";
  const text = textOf(draft);
  if (text === null) return "Only a message in UTF-8 can be saved as a test.";
  if (text.length > testMessageMax)
    return `A test takes messages of up to ${testMessageMax} characters; this one has ${text.length}.`;
  return { name, given, message: text, must };
}

function textOf({ file, text }: SimulatorDraft): string | null {
  if (file === null) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
  } catch {
    return null;
  }
}
