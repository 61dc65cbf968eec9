import { type HeaderField, unfolded } from "#core/message/header-reader.ts";
import { shownName } from "./shown-name.ts";

/** What will be done to a message. Names of fields in any case. */
export type PlannedChanges = {
  body: boolean;
  /** Fields that are changed or removed. */
  changed: readonly string[];
  /** Fields that are put before all others. */
  added: readonly string[];
};

/** A signature that will not verify any more. `because`: "body", or the name of a field. */
export type BrokenSignature = { kind: "dkim" | "arc"; domain: string; selector: string; because: string };

const signatureFields: Readonly<Record<string, BrokenSignature["kind"]>> = {
  "dkim-signature": "dkim",
  "arc-message-signature": "arc",
};

/**
 * The signatures of a message that the changes break, as far as the header tells: one that does not verify as it is counts as well. An l=
 * is taken as if it were not there: what is beyond it is not believed anyway (`SignatureCheck`).
 */
export function brokenSignatures(fields: readonly HeaderField[], changes: PlannedChanges): BrokenSignature[] {
  const counts = countNames(fields);
  const changed = new Set(changes.changed.map((name) => name.toLowerCase()));
  const added = new Set(changes.added.map((name) => name.toLowerCase()));
  return fields.flatMap((field): BrokenSignature[] => {
    const kind = signatureFields[field.name.toLowerCase()];
    if (kind === undefined) return [];
    const tags = readTags(field);
    const signed = (tags.get("h") ?? "").toLowerCase().split(":");
    const because = changes.body ? "body" : brokenField(signed, counts, changed, added);
    if (because === null) return [];
    return [{ kind, domain: shownName(tags.get("d") ?? ""), selector: shownName(tags.get("s") ?? ""), because }];
  });
}

/** RFC 6376 §5.4.2: names in h= count instances from the bottom, so one on top matters only where more are signed than there are. */
function brokenField(
  signed: readonly string[],
  counts: ReadonlyMap<string, number>,
  changed: ReadonlySet<string>,
  added: ReadonlySet<string>,
): string | null {
  const times = countWords(signed);
  for (const [name, count] of times) {
    const isOversigned = count > (counts.get(name) ?? 0);
    if (changed.has(name) || (added.has(name) && isOversigned)) return name;
  }
  return null;
}

function countNames(fields: readonly HeaderField[]): Map<string, number> {
  return countWords(fields.map(({ name }) => name.toLowerCase()));
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** RFC 6376 §3.2, without blanks: none of the values that are read here has any. */
function readTags({ raw }: HeaderField): Map<string, string> {
  const specs = unfolded(raw).split(";");
  return new Map(
    specs.map((spec): [string, string] => {
      const [name = "", ...value] = spec.replace(/[ \t]+/g, "").split("=");
      return [name, value.join("=")];
    }),
  );
}
