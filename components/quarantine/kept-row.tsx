"use client";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Row, Td } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import { CauseBadge } from "./cause-words.tsx";

type KeptRowProps = { row: QuarantineRow; href: string; selected: boolean; onSelect: (selected: boolean) => void };

/** One thing that is kept. */
export function KeptRow({ row, href, selected, onSelect }: KeptRowProps) {
  const { sender, protocol, cause, ruleName, sha256 } = row;
  return (
    <Row className={selected ? "bg-accent-tint" : ""}>
      <Td>
        <Checkbox
          aria-label={`Select ${row.kind === "part" ? "the file" : "the message"} ${row.id}`}
          checked={selected}
          onChange={(event) => onSelect(event.target.checked)}
        />
      </Td>
      <Td>
        <CauseBadge cause={cause} />
        {row.state === "released" && <span className="block text-muted text-sm">released</span>}
      </Td>
      <Td wide className="w-[30%] max-w-0">
        <TextLink href={href} prefetch={false} scroll={false} className="line-clamp-2">
          {row.kind === "part" ? (
            <ForeignText text={row.fileName} empty="(file without a name)" />
          ) : (
            <ForeignText text={row.subject} empty="(no subject)" />
          )}
        </TextLink>
        <span className="block truncate">
          <ForeignText text={sender ?? row.from} empty={protocol === "smtp" ? "<>" : "—"} />
          <span className="text-muted"> to </span>
          <Receivers row={row} />
        </span>
      </Td>
      <Td label="Rule" className="max-w-48 [overflow-wrap:anywhere]">
        <ForeignText text={ruleName} empty="none matched" />
      </Td>
      <Td label="Size" numeric>
        {formatBytes(row.bytes)}
      </Td>
      <Td label="SHA-256">
        <span className="font-mono text-sm" title={sha256}>
          {sha256.slice(0, 12)}
        </span>
      </Td>
      <Td label="Kept">
        <Time at={row.keptAt.toISOString()} form="relative" />
      </Td>
      <Td label="Expires">
        <Time at={row.expiresAt.toISOString()} form="relative" />
      </Td>
    </Row>
  );
}

function Receivers({ row: { recipients, user } }: { row: QuarantineRow }) {
  const [first = null, ...others] = recipients;
  if (first === null && user !== null)
    return (
      <>
        mailbox <ForeignText text={user} />
      </>
    );
  return (
    <>
      <ForeignText text={first} />
      {others.length > 0 && <span className="text-muted"> and {others.length} more</span>}
    </>
  );
}
