import { type Action, type ActionKind, actionSchema } from "#core/contract/action.ts";
import type { Protocol } from "#core/contract/facts.ts";
import { type ContentForm, contentFormOf, contentInput, contentKinds, contentProblem } from "./content-action-form.ts";
import { type RewriteForm, rewriteFormOf, rewriteInput, rewriteProblem } from "./rewrite-form.ts";

/** An action as its fields hold it. `to`: of redirect and copy. */
export type ActionForm = {
  kind: ActionKind;
  code: string;
  enhanced: string;
  text: string;
  minutes: string;
  to: string;
  rewrite: RewriteForm;
  content: ContentForm;
};

const effects: Record<ActionKind, string> = {
  allow: "Goes on to the next stage.",
  deny: "Refused for good (5xx); the sender is told at once.",
  tempfail: "Refused for now (4xx); the sender tries again later.",
  drop: "Refused (5xx) and the connection is closed.",
  block: "Refused, closed, and the source address is refused for a while.",
  rewrite: "Goes on with another address in the envelope.",
  redirect: "Goes to another recipient instead.",
  copy: "Goes on, and another recipient gets it too.",
  replace: "A notice takes the message's place in the mailbox.",
  strip: "Taken out; a notice stands in an attachment's place. The rest goes on.",
  "replace-part": "A text of yours takes the attachment's place. The rest goes on.",
  lock: "Taken out and kept in quarantine; the notice tells its id. The rest goes on.",
  quarantine: "Accepted and kept; it goes to nobody until somebody releases it.",
  hold: "Accepted and kept until somebody approves it.",
  discard: "Accepted and thrown away. Neither sender nor recipient hears of it.",
  modify: "Goes on with changes; the rules below are asked all the same.",
};

/** Where POP3 does something else: there is no sender to be told. */
const mailboxEffects: Partial<typeof effects> = {
  deny: "Refused with -ERR; the session goes on.",
  quarantine: "Kept in quarantine; a notice takes its place in the mailbox.",
};

/** What an action does, in a sentence. */
export function actionEffect(protocol: Protocol, kind: ActionKind): string {
  return (protocol === "pop3" ? mailboxEffects[kind] : undefined) ?? effects[kind];
}

export function actionFormOf(action: Action): ActionForm {
  const reply = "reply" in action ? action.reply : undefined;
  return {
    kind: action.kind,
    code: reply?.code === undefined ? "" : String(reply.code),
    enhanced: reply?.enhanced ?? "",
    text: reply?.text ?? "",
    minutes: action.kind === "block" ? String(action.minutes) : "20",
    to: action.kind === "redirect" || action.kind === "copy" ? action.to : "",
    rewrite: rewriteFormOf(action),
    content: contentFormOf(action),
  };
}

/** The action of the fields, or null while something is wrong with them. */
export function readAction(form: ActionForm): Action | null {
  const parsed = actionSchema.safeParse(actionInput(form));
  return parsed.success && contentProblem(form.kind, form.content) === null ? parsed.data : null;
}

/** The action of the fields, not yet parsed. */
function actionInput({ kind, code, enhanced, text, minutes, to, rewrite, content }: ActionForm): unknown {
  if (kind === "block") return { kind, minutes: Number(minutes) };
  if (kind === "redirect" || kind === "copy") return { kind, to: to.trim() };
  if (kind === "rewrite") return { kind, ...rewriteInput(rewrite) };
  if (contentKinds.includes(kind)) return contentInput(kind, content);
  if (!takesReply(kind)) return { kind };
  const reply = {
    ...(code.trim() === "" ? {} : { code: Number(code) }),
    ...(enhanced.trim() === "" ? {} : { enhanced: enhanced.trim() }),
    ...(text.trim() === "" ? {} : { text: text.trim() }),
  };
  return Object.keys(reply).length === 0 ? { kind } : { kind, reply };
}

export function takesReply(kind: ActionKind): boolean {
  return kind === "deny" || kind === "tempfail" || kind === "drop";
}

/** What is wrong with a field, by its name; what is wrong with the lines of a rewrite or of header changes by `rewrite` and `headers`. */
export function actionErrors(form: ActionForm): Partial<Record<string, string>> {
  const lines = form.kind === "rewrite" ? rewriteProblem(form.rewrite) : null;
  if (lines !== null) return { rewrite: lines };
  const content = contentProblem(form.kind, form.content);
  if (content !== null) return { headers: content };
  const parsed = actionSchema.safeParse(actionInput(form));
  if (parsed.success) return {};
  const issues = parsed.error.issues.map(({ path, message }) => [errorPlace(form.kind, path), message] as const);
  return Object.fromEntries(issues.toReversed());
}

function errorPlace(kind: ActionKind, path: readonly PropertyKey[]): string {
  if (kind === "rewrite") return "rewrite";
  return String(kind === "modify" ? path[0] : path.at(-1));
}
