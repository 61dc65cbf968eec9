import { GitCompare } from "lucide-react";
import Link from "next/link";
import { LinkButton } from "#components/ui/link-button.tsx";

export type DraftSummary = { changes: number; liveRevision: number | null };

/** The way to change live policy: how far the draft is from it, always in the same place. */
export function DraftBar({ changes, liveRevision }: DraftSummary) {
  if (changes === 0 && liveRevision !== null) {
    return (
      <Link href={`/revisions/${liveRevision}`} className="truncate rounded-sm text-muted hover:text-text">
        r{liveRevision} is live<span className="max-sm:hidden">, no unpublished changes</span>
      </Link>
    );
  }
  return (
    <LinkButton href="/changes" variant="primary" size="small">
      <GitCompare aria-hidden size={14} />
      <span>
        {changes} <span className="max-[400px]:sr-only">unpublished</span> {changes === 1 ? "change" : "changes"}
      </span>
    </LinkButton>
  );
}
