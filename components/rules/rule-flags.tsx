import { BellRing } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import type { RuleView } from "#lib/policies/queries.ts";
import { ExpiryBadge } from "./expiry-badge.tsx";

/** What is to be known of a rule at a glance, beside its sentence. */
export function RuleFlags({ view: { draft, rule } }: { view: RuleView }) {
  return (
    <>
      {draft !== "as published" && <Badge tone="accent">{draft}</Badge>}
      {rule.alarm && (
        <Badge tone="warn" icon={BellRing}>
          alarm
        </Badge>
      )}
      {rule.expires !== undefined && <ExpiryBadge expires={rule.expires} />}
    </>
  );
}
