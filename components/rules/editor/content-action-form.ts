import type { Action, ActionKind } from "#core/contract/action.ts";

/** What the actions on content have besides their kind, as their fields hold it; header changes are lines. */
export type ContentForm = {
  notice: string;
  cause: string;
  days: string;
  fileName: string;
  contentType: string;
  text: string;
  tag: string;
  headers: string;
  bannerText: string;
  bannerHtml: string;
  bannerAt: "top" | "bottom";
  /** Of a discard: the person has said that they mean it. */
  confirmed: boolean;
};

export const contentKinds: readonly ActionKind[] = [
  "strip",
  "replace-part",
  "lock",
  "quarantine",
  "hold",
  "discard",
  "modify",
];

export function contentFormOf(action: Action): ContentForm {
  const modify = action.kind === "modify" ? action : undefined;
  const replaced = action.kind === "replace-part" ? action : undefined;
  return {
    notice: ("notice" in action ? action.notice : undefined) ?? "",
    cause: (action.kind === "quarantine" ? action.cause : undefined) ?? "",
    days: "days" in action && action.days !== undefined ? String(action.days) : "",
    fileName: replaced?.fileName ?? "removed.txt",
    contentType: replaced?.contentType ?? "text/plain",
    text: replaced?.text ?? "",
    tag: modify?.tag ?? "",
    headers: (modify?.headers ?? [])
      .map((change) => `${change.do} ${change.name}${"value" in change ? `: ${change.value}` : ""}`)
      .join("\n"),
    bannerText: modify?.banner?.text ?? "",
    bannerHtml: modify?.banner?.html ?? "",
    bannerAt: modify?.banner?.at ?? "top",
    confirmed: action.kind === "discard",
  };
}

/** The action of the fields, not yet parsed. */
export function contentInput(kind: ActionKind, form: ContentForm): unknown {
  const days = form.days.trim() === "" ? {} : { days: Number(form.days) };
  const notice = form.notice === "" ? {} : { notice: form.notice };
  switch (kind) {
    case "strip":
      return { kind, ...notice };
    case "lock":
      return { kind, ...notice, ...days };
    case "quarantine":
      return { kind, ...(form.cause === "" ? {} : { cause: form.cause }), ...days };
    case "hold":
      return { kind, ...days };
    case "replace-part":
      return { kind, fileName: form.fileName.trim(), contentType: form.contentType.trim(), text: form.text };
    case "modify":
      return { kind, ...modifyInput(form) };
    default:
      return { kind };
  }
}

/** What the schema cannot see, because the fields are text. */
export function contentProblem(kind: ActionKind, form: ContentForm): string | null {
  if (kind === "discard" && !form.confirmed) return "Say that you mean it: what is discarded is gone for good.";
  if (kind !== "modify") return null;
  const wrong = headerLines(form).findIndex((line) => readHeaderChange(line) === null);
  if (wrong >= 0) return `Line ${wrong + 1}: write add Name: value, replace Name: value, or remove Name.`;
  if (form.bannerText.trim() === "" && form.bannerHtml.trim() !== "") return "The banner needs its text too.";
  return null;
}

function modifyInput(form: ContentForm): object {
  const { tag, bannerText, bannerHtml, bannerAt } = form;
  const headers = headerLines(form).map(readHeaderChange);
  return {
    ...(tag.trim() === "" ? {} : { tag: tag.trim() }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(bannerText.trim() === ""
      ? {}
      : { banner: { text: bannerText, ...(bannerHtml.trim() === "" ? {} : { html: bannerHtml }), at: bannerAt } }),
  };
}

function headerLines({ headers }: ContentForm): string[] {
  return headers.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function readHeaderChange(line: string): object | null {
  const removed = /^\s*remove\s+([^\s:]+)\s*:?\s*$/i.exec(line);
  if (removed !== null) return { do: "remove", name: removed[1] };
  const set = /^\s*(add|replace)\s+([^\s:]+)\s*:\s*(.*\S)\s*$/i.exec(line);
  return set === null ? null : { do: set[1]?.toLowerCase(), name: set[2], value: set[3] };
}
