import { Fragment } from "react";

// Control characters, and those that reorder or hide text: bidi marks and overrides, zero-width ones, tags.
const deceiving = /([\p{Cc}\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]+)/u;

/** Text that a stranger wrote (mail, replies): what would hide or reorder it is shown as its code point. */
export function ForeignText({ text, empty = "—" }: { text: string | null; empty?: string }) {
  if (text === null || text === "") return <span className="text-muted">{empty}</span>;
  return (
    <bdi className="[overflow-wrap:anywhere]">
      {text.split(deceiving).map((part, index) =>
        index % 2 === 0 ? (
          <Fragment key={index}>{part}</Fragment>
        ) : (
          <span key={index} className="rounded-sm bg-warn-tint px-0.5 font-mono text-sm text-warn">
            {[...part].map(codePoint).join("")}
          </span>
        ),
      )}
    </bdi>
  );
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
