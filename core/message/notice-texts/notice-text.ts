/** What happened to a part or message, as its reader is told. released: a message that was held comes now. */
export type NoticeKind = "stripped" | "locked" | "replaced" | "quarantined" | "released";

/** Why, in words that anyone may read: no rule, no list, no name. */
export type PublicReason =
  | "header"
  | "attachment"
  | "policy"
  | "uninspectable"
  | "too-large"
  | "line-too-long"
  | "malware"
  | "encrypted"
  | "unwanted";

/** The built-in texts of a language. All of them are templates. */
export type NoticeTexts = {
  readonly notices: Readonly<Record<NoticeKind, string>>;
  /** What a reader who needs the original may do, as `%(recovery)%`. */
  readonly recoveries: Readonly<Record<NoticeKind, string>>;
  /** As `%(contact)%`, where nobody is named. */
  readonly administrator: string;
  /** As `%(reason)%`. */
  readonly reasons: Readonly<Record<PublicReason, string>>;
};
