import { GitCompare } from "lucide-react";
import Link from "next/link";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { DraftSummary } from "#lib/revisions/draft-summary.ts";
import { authorWords } from "./author-words.ts";

type DraftBarProps = { draft: DraftSummary; userName: string };

/** The way to change live policy: how far the draft is from it, always in the same place. */
export function DraftBar({ draft: { changes, liveRevision, authors }, userName }: DraftBarProps) {
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
        {authors.length > 0 && <span className="max-2xl:sr-only"> by {authorWords(authors, userName)}</span>}
      </span>
    </LinkButton>
  );
}
