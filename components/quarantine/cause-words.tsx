import { Bug, FileLock2, FileText, Hand, type LucideIcon, MailWarning, ScanText, ShieldQuestion } from "lucide-react";
import { Badge, type BadgeTone } from "#components/ui/badge.tsx";
import type { QuarantineCause } from "#core/contract/quarantine.ts";

const looks: Record<QuarantineCause, { tone: BadgeTone; icon: LucideIcon; word: string }> = {
  malware: { tone: "deny", icon: Bug, word: "malware" },
  spam: { tone: "tempfail", icon: MailWarning, word: "spam" },
  content: { tone: "hold", icon: FileText, word: "content" },
  attachment: { tone: "rewrite", icon: FileLock2, word: "attachment" },
  dlp: { tone: "warn", icon: ScanText, word: "data loss" },
  authentication: { tone: "tempfail", icon: ShieldQuestion, word: "authentication" },
  approval: { tone: "accent", icon: Hand, word: "approval" },
};

/** Why something is kept. */
export function CauseBadge({ cause }: { cause: QuarantineCause }) {
  const { tone, icon, word } = looks[cause];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

export const causeWords = Object.fromEntries(Object.entries(looks).map(([cause, { word }]) => [cause, word]));
