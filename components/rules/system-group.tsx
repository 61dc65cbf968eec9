import { Lock } from "lucide-react";
import { formatBytes, formatSpan } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import type { SystemRuleView } from "#lib/policies/system-rule-view.ts";

/** What happens whatever the rules say: always there, locked, folded. `title` says when. */
export function SystemGroup({ title, rules }: { title: string; rules: readonly SystemRuleView[] }) {
  if (rules.length === 0) return null;
  return (
    <details className="rounded-md border border-line bg-sunken">
      <summary className="flex min-h-8 flex-wrap items-center gap-2 px-2 text-muted">
        <Lock aria-hidden size={14} />
        <span>
          System, {title}: {rules.length === 1 ? "1 check" : `${rules.length} checks`}
        </span>
      </summary>
      <ul className="flex flex-col divide-y divide-line border-line border-t">
        {rules.map(({ words, value, href }) => (
          <li key={words} className="flex flex-wrap items-baseline gap-x-3 px-2 py-1">
            <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">{words}</span>
            <span className="[overflow-wrap:anywhere]">{valueWords(value)}</span>
            {href === null ? (
              <span className="text-muted">always so</span>
            ) : (
              <TextLink href={href} prefetch={false} aria-label={`Where this is set: ${words}`}>
                where it is set
              </TextLink>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function valueWords(value: SystemRuleView["value"]): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return value.toLocaleString("en");
  return "bytes" in value ? formatBytes(value.bytes) : formatSpan(value.ms);
}
