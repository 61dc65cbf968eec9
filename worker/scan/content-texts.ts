import type { Action } from "#core/contract/action.ts";
import type { ContentSettings } from "#core/contract/content-settings.ts";
import { bannerTexts, buildNotice, noticeText, publicReason } from "#core/message/notice.ts";
import { fillText, type NoticeValues } from "#core/message/notice-template.ts";
import type { NoticeKind, PublicReason } from "#core/message/notice-texts/notice-text.ts";
import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import type { DecidingRule, PartChange } from "./content-decisions.ts";
import type { ContentPlace } from "./keep-request.ts";
import type { MessageInspection } from "./message-inspection.ts";

type Banner = NonNullable<Extract<Action, { kind: "modify" }>["banner"]>;

/** The texts of ours that are put into one copy of a message. */
export class ContentTexts {
  readonly #action: CompiledProxyAction;
  readonly #settings: ContentSettings;
  readonly #place: ContentPlace;
  readonly #inspection: () => MessageInspection;
  readonly #now: () => number;

  /** `inspection`: what is known of the message when a text is asked for. */
  constructor(
    action: CompiledProxyAction,
    place: ContentPlace,
    inspection: () => MessageInspection,
    now: () => number,
  ) {
    this.#action = action;
    this.#settings = action.definition.content;
    this.#place = place;
    this.#inspection = inspection;
    this.#now = now;
  }

  /** What stands in the place of a part. `id`: of the part in quarantine, or null. */
  partNotice({ inspected, action, decision }: PartChange, id: string | null): string {
    const { part, look } = inspected;
    const values: NoticeValues = {
      ...this.#values(decision.rule),
      type: look?.file.detectedType ?? part.contentTypes[0] ?? "",
      filename: part.fileNames[0] ?? "",
      virus: look?.scan?.viruses.join(", ") ?? "",
      reason: publicReason(reasonOf(decision), this.#settings.noticeLanguage),
      action: action.kind,
      ...(id === null ? {} : { id, ...this.#link(id) }),
    };
    const named =
      "notice" in action && action.notice !== undefined ? this.#action.content.notices.get(action.notice) : undefined;
    const kind: NoticeKind = id === null ? "stripped" : "locked";
    return noticeText(kind, this.#settings.noticeLanguage, values, named?.text);
  }

  /** A text that a rule brings, with its variables filled in. */
  filled(template: string, rule: DecidingRule): string {
    return fillText(template, this.#values(rule));
  }

  banner({ text, html }: Banner, rule: DecidingRule): { text: string; html: string } {
    return bannerTexts(this.#settings.noticeLanguage, this.#values(rule), { text, html });
  }

  /** The message that takes the place of this one in a mailbox. `keptId`: of this one in quarantine, or null. */
  message(reason: PublicReason, decision: StageDecision | null, keptId: string | null): Uint8Array {
    const { noticeLanguage: language } = this.#settings;
    return buildNotice({
      identity: this.#inspection().summary.identity,
      reason: publicReason(reason, language),
      id: keptId ?? this.#place.id,
      now: this.#now(),
      kind: keptId === null ? "replaced" : "quarantined",
      language,
      values: { ...this.#values(decision?.rule ?? null), ...(keptId === null ? {} : this.#link(keptId)) },
    });
  }

  #values(rule: DecidingRule): NoticeValues {
    const { summary, facts } = this.#inspection();
    const { policy, sender, recipients, id } = this.#place;
    return {
      virus: facts.viruses.join(", "),
      rule: rule?.name ?? "",
      policy,
      sender: sender ?? "",
      recipients: recipients.join(", "),
      subject: summary.subject ?? "",
      msgid: summary.messageIdHeader ?? "",
      contact: this.#settings.contact,
      id,
      date: new Date(this.#now()).toISOString(),
      score: facts.spamScore === null ? "" : String(facts.spamScore),
    };
  }

  #link(id: string): NoticeValues {
    const { consoleUrl } = this.#settings;
    if (consoleUrl === undefined) return {};
    return { quarantine_link: `${consoleUrl.replace(/\/$/, "")}/quarantine/${encodeURIComponent(id)}` };
  }
}

/** What a decision may tell anyone. */
export function reasonOf({ stage, evidence }: StageDecision): PublicReason {
  if (evidence.some(({ fact }) => fact === "structure")) return "uninspectable";
  if (evidence.some(({ fact }) => fact === "virus")) return "malware";
  if (evidence.some(({ fact, observed }) => fact === "trait" && observed === "encrypted")) return "encrypted";
  if (evidence.some(({ fact }) => fact.startsWith("spam"))) return "unwanted";
  return stage === "header" || stage === "attachment" ? stage : "policy";
}
