import { CircleCheck, TriangleAlert } from "lucide-react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AttentionItem } from "#lib/overview/attention.ts";

/** What a person should look at. */
export function AttentionList({ items, more }: { items: readonly AttentionItem[]; more: number }) {
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2">
        <CircleCheck aria-hidden size={16} className="text-allow" />
        Nothing needs attention.
      </p>
    );
  }
  return (
    <ul className="flex flex-col gap-2">
      {items.map(({ text, detail, lastAt, href }) => (
        <li key={`${href} ${text}`} className="flex gap-2 border-deny border-s-4 ps-2">
          <TriangleAlert aria-hidden size={16} className="mt-px shrink-0 text-deny" />
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <TextLink href={href}>
              <ForeignText text={text} />
            </TextLink>
            {detail !== null && (
              <p className="line-clamp-2 text-muted">
                <ForeignText text={detail} />
              </p>
            )}
            {lastAt !== undefined && (
              <p className="text-muted">
                Last at <Time at={lastAt} />.
              </p>
            )}
          </div>
        </li>
      ))}
      {more > 0 && <li className="text-muted">And {more} more.</li>}
    </ul>
  );
}
