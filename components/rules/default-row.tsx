import { Lock } from "lucide-react";
import { TextLink } from "#components/ui/text-link.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import type { Ruleset } from "#core/contract/rule.ts";
import { actionWords } from "#core/policy/explain.ts";
import { lockedGrid } from "./rule-grid.ts";

/** What happens when no rule matched: always last. */
export function DefaultRow({ noneMatched, href }: { noneMatched: Ruleset["noneMatched"]; href: string }) {
  return (
    <tr className={lockedGrid}>
      <td className="text-muted sm:col-span-2 sm:text-end">
        <Lock aria-hidden size={14} className="inline" />
      </td>
      <td className="text-muted">Default</td>
      <td data-wide className="min-w-0 sm:truncate">
        <TextLink href={href} scroll={false} prefetch={false}>
          None matched
        </TextLink>{" "}
        <span className="text-muted">Otherwise {actionWords(noneMatched.action)}.</span>
      </td>
      <td data-label="Action">
        <VerdictBadge verdict={verdictOf(noneMatched.action.kind)} />
      </td>
    </tr>
  );
}
