"use client";
import { useState, useTransition } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type EntriesFile, entriesFileBytesMax, readEntriesFile } from "#core/text/entries-file.ts";

type EntriesImportProps = {
  /** Takes the file's entries over; gives how many of them were there already. */
  onRead: (entries: readonly string[]) => number;
};

type Outcome = EntriesFile & { file: string; already: number };

/** Reads a file of entries into the editor; nothing is saved by it. */
export function EntriesImport({ onRead }: EntriesImportProps) {
  const [outcome, setOutcome] = useState<Outcome | string | null>(null);
  const [, startTransition] = useTransition();

  async function read(file: File) {
    if (file.size > entriesFileBytesMax) {
      setOutcome(`${file.name} is larger than 16 MiB: split it, or take out what is no entry.`);
      return;
    }
    const found = await readEntriesFile(await file.text());
    setOutcome({ ...found, file: file.name, already: onRead(found.entries) });
  }

  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Add entries from a file"
        hint="CSV, or one a line: the column “entry”, else the first. They appear above; nothing is saved yet."
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".csv,.txt,text/csv,text/plain"
            className="py-1"
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file !== undefined) startTransition(() => read(file));
            }}
          />
        )}
      </Field>
      {typeof outcome === "string" && <Notice kind="fault">{outcome}</Notice>}
      {outcome !== null && typeof outcome !== "string" && <Imported {...outcome} />}
    </div>
  );
}

function Imported({ file, entries, already, problems }: Outcome) {
  return (
    <Notice kind={problems.length > 0 ? "warning" : "done"}>
      <p>
        {entries.length - already} added from {file}; {already} stood here already.
      </p>
      {problems.length > 0 && (
        <>
          <p className="mt-1 font-medium">Left out or read with doubt:</p>
          <ul className="list-disc ps-4">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  );
}
