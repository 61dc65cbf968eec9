import { ForeignText } from "#components/ui/foreign-text.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { SampleMessage } from "#lib/replay/queries.ts";

type SampleLinksProps = {
  jobId: string;
  ids: readonly string[];
  messages: Readonly<Record<string, SampleMessage>>;
  open: boolean;
};

/** Some of the messages, each a link to what its rules saw. */
export function SampleLinks({ jobId, ids, messages, open }: SampleLinksProps) {
  if (ids.length === 0) return <span className="text-muted">—</span>;
  return (
    <details open={open && ids.length <= 3}>
      <summary className="w-fit cursor-pointer text-accent">
        {ids.length === 1 ? "1 message" : `${ids.length} messages`}
      </summary>
      <ul className="flex flex-col gap-1 pt-1">
        {ids.map((id) => (
          <li key={id}>
            <TextLink href={`/replays/${jobId}/${encodeURIComponent(id)}`}>
              <ForeignText text={messages[id]?.subject ?? null} empty={id} />
            </TextLink>{" "}
            <span className="text-muted">
              from <ForeignText text={messages[id]?.sender ?? null} empty="nobody" />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
