import { Ban, CircleCheck, Lock, type LucideIcon, OctagonX, RotateCw, Scissors, Trash2, Unplug } from "lucide-react";
import type { Verdict } from "#core/contract/decision.ts";
import { Badge, type BadgeTone } from "./badge.tsx";

/** Tone and shape of each verdict: distinct in greyscale and print. */
const looks: Record<Verdict, { tone: BadgeTone; icon: LucideIcon }> = {
  allow: { tone: "allow", icon: CircleCheck },
  deny: { tone: "deny", icon: OctagonX },
  tempfail: { tone: "tempfail", icon: RotateCw },
  drop: { tone: "deny", icon: Unplug },
  block: { tone: "deny", icon: Ban },
  strip: { tone: "rewrite", icon: Scissors },
  replace: { tone: "rewrite", icon: Scissors },
  quarantine: { tone: "quarantine", icon: Lock },
  discard: { tone: "deny", icon: Trash2 },
};

/** A verdict; `would` for a rule in state observe: it was not enforced. */
export function VerdictBadge({ verdict, would = false }: { verdict: Verdict; would?: boolean }) {
  const { tone, icon } = looks[verdict];
  return (
    <Badge tone={would ? "inactive" : tone} icon={icon}>
      {would ? `would ${verdict}` : verdict}
    </Badge>
  );
}
