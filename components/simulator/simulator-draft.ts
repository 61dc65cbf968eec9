import { linesOf } from "#components/ui/lines.ts";
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
  file: { name: string; base64: string } | null;
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
  return { kind: "given", base64: file?.base64 ?? base64Of(new TextEncoder().encode(text)) };
}
