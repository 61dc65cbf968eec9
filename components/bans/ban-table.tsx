"use client";
import { Ban as BanIcon, Gauge, ListChecks, type LucideIcon, UserRound } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { Ban } from "#core/contract/ban.ts";
import { liftBanAction } from "#lib/bans/actions.ts";
import type { BanRow } from "#lib/bans/queries.ts";
import { resultNote } from "./result-note.ts";

const origins: Record<Ban["by"], { icon: LucideIcon; word: string }> = {
  rule: { icon: ListChecks, word: "rule" },
  limit: { icon: Gauge, word: "limit" },
  person: { icon: UserRound, word: "person" },
};

/** The blocked sources with their lift buttons. */
export function BanTable({ rows }: { rows: readonly BanRow[] }) {
  return (
    <Table caption="Blocked sources, the soonest to end first">
      <thead>
        <tr>
          <Th>Address</Th>
          <Th>Since</Th>
          <Th>Ends</Th>
          <Th>Reason</Th>
          <Th>By</Th>
          <Th>Worker</Th>
          <Th>
            <span className="sr-only">Command</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <BanTableRow key={`${row.workerId} ${row.address}`} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

function BanTableRow({ row }: { row: BanRow }) {
  const { icon: Icon, word } = origins[row.by];
  return (
    <Row>
      <Td wide className="font-mono text-sm">
        <span className="flex items-center gap-1">
          <BanIcon aria-hidden size={14} className="shrink-0" />
          <span className="[overflow-wrap:anywhere]">{row.address}</span>
        </span>
      </Td>
      <Td label="Since">
        <Time at={row.since} form="relative" />
      </Td>
      <Td label="Ends">
        <Time at={row.until} form="countdown" />
      </Td>
      <Td wide className="max-w-96 [overflow-wrap:anywhere]">
        <ForeignText text={row.reason} empty="no reason given" />
      </Td>
      <Td label="By">
        <span className="inline-flex items-center gap-1">
          <Icon aria-hidden size={14} />
          {word}
        </span>
      </Td>
      <Td label="Worker">{row.worker}</Td>
      <Td wide className="text-end">
        <LiftButton row={row} />
      </Td>
    </Row>
  );
}

function LiftButton({ row: { workerId, address, since } }: { row: BanRow }) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  /** The ban that was lifted: the list follows the report, and a new ban of the address has another beginning. */
  const [lifted, setLifted] = useState<string | null>(null);

  async function lift() {
    const answer = await answered(liftBanAction({ workerId, address }));
    if (!answer.ok) return toast("fault", answer.error.message);
    const { kind, text } = resultNote(`${address} is taken again`, answer.value);
    if (kind === "done") setLifted(since);
    return toast(kind, text);
  }

  return (
    <Button
      size="small"
      aria-label={`Lift the ban of ${address}`}
      disabled={busy || lifted === since}
      onClick={() => startTransition(lift)}
    >
      {lifted === since ? "Lifted" : "Lift"}
    </Button>
  );
}
