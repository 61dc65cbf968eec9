import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import type { ListedSender } from "#lib/quarantine/sender-lists.ts";

export function countEntries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

/** What a release of it is called. */
export function releaseVerb({ cause }: Pick<QuarantineRow, "cause">): "Approve" | "Release" {
  return cause === "approval" ? "Approve" : "Release";
}

/** What a release does. */
export function releaseEffect({ protocol }: Pick<QuarantineRow, "protocol">): string {
  return protocol === "pop3"
    ? "It lies in its mailbox: the next retrieval gets it as it is."
    : "Scanners look at it again; only the rule that kept it is passed over.";
}

/** Who has it already. */
export function havingIt({ state, releasedTo, recipients }: QuarantineRow): readonly string[] {
  if (state === "held") return [];
  return releasedTo.length === 0 ? recipients : releasedTo;
}

/** What became of a sender that went on a list of the draft. */
export function listedWords({ address, list, added, used }: ListedSender): string {
  const what = added
    ? `${address} is on the draft's list “${list}” now`
    : `${address} is on the list “${list}” already`;
  const next = used ? "publish the draft to put it in force" : "no rule asks for this list yet: add one, then publish";
  return added || !used ? `${what}; ${next}.` : `${what}.`;
}
