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
export function releaseEffect({ protocol, malware }: Pick<QuarantineRow, "protocol" | "malware">): string {
  if (protocol === "pop3") return "It lies in its mailbox: the next retrieval gets it as it is.";
  const scanners = malware.length === 0 ? "Scanners look at it again" : "Scanners are not asked again";
  return `${scanners}; only the rule that kept it is passed over.`;
}

/** What a release of several does. `malware`: names of what was found in those that are shown; `isWhole`: others of the search are not shown. */
export function releaseOfSeveral(malware: readonly string[], isWhole: boolean): string {
  const isMalware = malware.length > 0;
  const unseen = isMalware ? "What malware was found in goes on all pages." : "What malware was found in stays.";
  return [
    isMalware ? "Scanners are asked about none of them again;" : "Scanners look at each again;",
    "only the rule that kept it is passed over. What lies in a mailbox comes with its next retrieval.",
    ...(isWhole ? [unseen] : []),
  ].join(" ");
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
