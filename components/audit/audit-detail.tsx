import { ForeignText } from "#components/ui/foreign-text.tsx";
import type { AuditEntryView } from "#lib/audit/queries.ts";

/** Before and after, and the row's place in the chain; folded away until it is asked for. */
export function AuditDetail({ entry }: { entry: AuditEntryView }) {
  return (
    <details className="mt-1">
      <summary className="w-fit cursor-pointer text-accent">
        Details<span className="sr-only"> of entry {entry.sequence}</span>
      </summary>
      <div className="mt-1 grid gap-2 lg:grid-cols-2">
        {partsOf(entry.detail).map(({ title, value }) => (
          <figure key={title} className="min-w-0">
            <figcaption className="text-muted text-sm">{title}</figcaption>
            <pre className="whitespace-pre-wrap rounded-md bg-sunken p-2 font-mono text-sm [overflow-wrap:anywhere]">
              {JSON.stringify(value, null, 2)
                .split("\n")
                .map((line, index) => (
                  <span key={index} className="block">
                    <ForeignText text={line} />
                  </span>
                ))}
            </pre>
          </figure>
        ))}
      </div>
      <p className="mt-1 text-muted text-sm">
        Hash <span className="font-mono [overflow-wrap:anywhere]">{entry.hash}</span>
      </p>
    </details>
  );
}

type Part = { title: string; value: AuditEntryView["detail"] };

function partsOf(detail: AuditEntryView["detail"]): Part[] {
  if (detail === null) return [];
  if (typeof detail !== "object" || Array.isArray(detail)) return [{ title: "Detail", value: detail }];
  const { before, after, ...rest } = detail;
  const parts: Part[] = [];
  if (before !== undefined && before !== null) parts.push({ title: "Before", value: before });
  if (after !== undefined && after !== null) parts.push({ title: "After", value: after });
  if (Object.keys(rest).length > 0) parts.push({ title: "Detail", value: rest });
  return parts;
}
