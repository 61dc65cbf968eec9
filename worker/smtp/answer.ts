import type { Action } from "#core/contract/action.ts";
import type { Stage } from "#core/contract/facts.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { type Reply, reply } from "#core/smtp/reply.ts";
import type { BanRequest } from "../services.ts";

/** What the client hears. `close`: the session ends with it. `ban`: its address is refused from now on, or null. */
export type Answer = { reply: Reply; close: boolean; ban: BanRequest | null };

export function answer(said: Reply, close = false): Answer {
  return { reply: said, close, ban: null };
}

/** Whether a decision that stops a message takes it over: the client hears that it was accepted. */
export function isTaken({ action }: StageDecision): boolean {
  return action.kind === "quarantine" || action.kind === "hold" || action.kind === "discard";
}

const objects: Partial<Record<Stage, string>> = {
  greeting: "Connection",
  auth: "Authentication",
  sender: "Sender",
  recipient: "Recipient",
};

/** The answer to a decision, or null when it allows. The reason stays with us: the client hears a code, a text and the id. */
export function refusal({ action, stage, rule }: StageDecision, id: string): Answer | null {
  const object = objects[stage] ?? "Message";
  switch (action.kind) {
    case "allow":
    case "rewrite":
    case "redirect":
    case "copy":
    case "modify":
    case "strip":
    case "replace-part":
    case "lock":
      return null;
    // Taken over: the client hears that it was accepted, once it is.
    case "quarantine":
    case "hold":
    case "discard":
      return null;
    case "deny":
      return answer(worded(action.reply, 550, "5.7.1", `${object} refused by policy`, id));
    case "tempfail":
      return answer(worded(action.reply, 450, "4.7.1", `${object} not accepted now, try again later`, id));
    case "drop":
      return answer(worded(action.reply, 554, "5.7.1", `${object} refused by policy`, id), true);
    case "block":
      return {
        ...answer(worded(undefined, 554, "5.7.1", `${object} refused by policy`, id), true),
        ban: { minutes: action.minutes, reason: `rule: ${rule?.name ?? "none matched"} (${stage})`, by: "rule" },
      };
    case "replace": // Not legal for SMTP; refusing is the safe reading.
      return answer(worded(undefined, 550, "5.7.1", `${object} refused by policy`, id));
    default:
      return action satisfies never;
  }
}

type Override = Extract<Action, { kind: "deny" }>["reply"];

function worded(override: Override, code: number, enhanced: string, text: string, id: string): Reply {
  const { code: ownCode = code, enhanced: ownEnhanced = enhanced, text: ownText = text } = override ?? {};
  return reply(ownCode, ownEnhanced, `${ownText} (${id})`);
}
