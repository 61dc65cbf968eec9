import type { ListGlance } from "#lib/lists/queries.ts";
import { Time } from "./time.tsx";

/** What a list holds, where that comes from, and who asks for it. Nothing in it takes the focus. */
export function ListCard({ list: { name, kind, count, first, feed, rules, others } }: { list: ListGlance }) {
  const left = count - first.length;
  return (
    <div className="flex flex-col gap-1 text-sm [overflow-wrap:anywhere]">
      <p>
        <strong className="font-semibold">{name}</strong>, {kind}, {entryWords(count)}
      </p>
      {first.length > 0 && (
        <ul className="font-mono">
          {first.map((entry) => (
            <li key={entry} className="line-clamp-2">
              {entry}
            </li>
          ))}
        </ul>
      )}
      {left > 0 && <p className="text-muted">and {left.toLocaleString("en")} more</p>}
      {feed !== null && (
        <p className={feed.lastError === null ? "text-muted" : "text-warn"}>
          From {new URL(feed.url).host},{" "}
          {feed.lastGoodAt === null ? (
            "not fetched yet"
          ) : (
            <>
              last fetched <Time at={feed.lastGoodAt.toISOString()} form="relative" plain />
            </>
          )}
          {feed.lastError !== null && `; the last fetch failed: ${feed.lastError}`}
        </p>
      )}
      <p className="text-muted">{usedWords(rules, others)}</p>
    </div>
  );
}

function entryWords(count: number): string {
  if (count === 0) return "empty";
  return count === 1 ? "1 entry" : `${count.toLocaleString("en")} entries`;
}

/** `Used by 3 rules and 1 policy or setting`. */
function usedWords(rules: number, others: number): string {
  const parts = [
    ...(rules > 0 ? [rules === 1 ? "1 rule" : `${rules.toLocaleString("en")} rules`] : []),
    ...(others > 0 ? [others === 1 ? "1 policy or setting" : `${others} policies and settings`] : []),
  ];
  return parts.length === 0 ? "Used by nothing" : `Used by ${parts.join(" and ")}`;
}
