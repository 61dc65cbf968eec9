import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type BadgeTone =
  | "allow"
  | "deny"
  | "tempfail"
  | "quarantine"
  | "rewrite"
  | "hold"
  | "warn"
  | "inactive"
  | "accent";

const tones: Record<BadgeTone, string> = {
  allow: "bg-allow-tint text-allow",
  deny: "bg-deny-tint text-deny",
  tempfail: "bg-tempfail-tint text-tempfail",
  quarantine: "bg-quarantine-tint text-quarantine",
  rewrite: "bg-rewrite-tint text-rewrite",
  hold: "bg-hold-tint text-hold",
  warn: "bg-warn-tint text-warn",
  inactive: "bg-inactive-tint text-inactive",
  accent: "bg-accent-tint text-accent",
};

/** A word on a tint, with an icon so that it is never colour alone. */
export function Badge({ tone, icon: Icon, children }: { tone: BadgeTone; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span
      className={classNames(
        "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-sm print:border print:border-current forced-colors:border",
        tones[tone],
      )}
    >
      {Icon && <Icon aria-hidden size={13} strokeWidth={2.25} className="shrink-0" />}
      {children}
    </span>
  );
}
