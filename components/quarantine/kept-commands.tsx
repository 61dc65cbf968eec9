"use client";
import { Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import type { QuarantineFilter } from "#lib/quarantine/search.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { countEntries, releaseOfSeveral } from "./kept-words.ts";
import { ReleaseDialog } from "./release-dialog.tsx";
import { ResultList } from "./result-list.tsx";
import { useKeptCommands } from "./use-kept-commands.ts";

type KeptCommandsProps = {
  selected: readonly QuarantineRow[];
  /** Everything that the search finds, in place of what is selected. */
  whole: { filter: QuarantineFilter; count: number } | null;
  mayReleaseMalware: boolean;
  onDone: () => void;
};

/** Release and delete for what is selected, or for everything that the search finds. */
export function KeptCommands({ selected, whole, mayReleaseMalware, onDone }: KeptCommandsProps) {
  const may = useMay("handle-quarantine");
  const [asking, setAsking] = useState<"release" | "delete" | null>(null);
  const { results, release, remove } = useKeptCommands(whole ?? { entries: selected }, onDone);
  const count = whole?.count ?? selected.length;
  const malware = [...new Set(selected.flatMap((row) => row.malware))];
  const close = () => setAsking(null);
  return (
    <div className="flex flex-col gap-2">
      <div role="group" aria-label="Commands for what is selected" className="flex flex-wrap items-center gap-2">
        <Button size="small" disabled={count === 0 || !may} onClick={() => setAsking("release")}>
          <Play aria-hidden size={14} />
          Release {count === 0 ? "" : countEntries(count)}
        </Button>
        <Button size="small" variant="danger" disabled={count === 0 || !may} onClick={() => setAsking("delete")}>
          <Trash2 aria-hidden size={14} />
          Delete {count === 0 ? "" : countEntries(count)}
        </Button>
        <span role="status" className="text-muted">
          {whole === null ? `${count} selected` : `All ${count} of the search selected`}
        </span>
      </div>
      <ResultList results={results} />
      {asking === "release" && (
        <ReleaseDialog
          verb="Release"
          what={countEntries(count)}
          effect={releaseOfSeveral(malware, whole !== null)}
          malware={malware}
          mayReleaseMalware={mayReleaseMalware}
          offersList={whole === null}
          onClose={close}
          onRelease={release}
        />
      )}
      {asking === "delete" && <DeleteDialog count={count} onClose={close} onDelete={remove} />}
    </div>
  );
}
