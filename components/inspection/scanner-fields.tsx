"use client";
import { ChoiceField, NameField, NumberField, TextField } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { scannerSchema } from "#core/contract/scanner.ts";
import type { ScannerDraft } from "./inspection-draft.ts";

const kinds = [
  { value: "clamd", words: "clamd (ClamAV, INSTREAM)" },
  { value: "rspamd", words: "rspamd (POST /checkv2)" },
  { value: "spamd", words: "spamd (SpamAssassin)" },
  { value: "icap", words: "ICAP service (RFC 3507)" },
];
const failures = [
  { value: "tempfail", words: "Tempfail: 451, the message comes again" },
  { value: "pass", words: "Pass: as if nothing was found" },
  { value: "match", words: "Match: rules about malware match (no verdict)" },
];
const scopes = [
  { value: "", words: "Each part (usual)" },
  { value: "parts", words: "Each part" },
  { value: "message", words: "The whole message" },
];

type ScannerFieldsProps = {
  draft: ScannerDraft;
  problems: FormProblems;
  set: (change: Partial<ScannerDraft>) => void;
};

export function ScannerFields({ draft, problems, set }: ScannerFieldsProps) {
  const { shape } = scannerSchema;
  const judgesParts = draft.kind === "clamd" || draft.kind === "icap";
  return (
    <>
      <NameField value={draft.name} problem={problems.name} onChange={(name) => set({ name })} />
      <ChoiceField
        label="Program"
        choices={kinds}
        value={draft.kind}
        problem={problems.kind}
        onChange={(kind) => set({ kind })}
      />
      <TextField
        label="Address"
        help="Seen from the worker: host:port, or the path of a Unix socket."
        className="font-mono"
        placeholder="127.0.0.1:3310"
        value={draft.at}
        problem={problemAt(problems, "at")}
        onChange={(at) => set({ at })}
      />
      {draft.kind === "icap" && (
        <TextField
          label="Service"
          help="The path of the ICAP service."
          className="font-mono"
          placeholder="avscan"
          value={draft.service}
          problem={problems.service}
          onChange={(service) => set({ service })}
        />
      )}
      {judgesParts && (
        <ChoiceField
          label="Sees"
          choices={scopes}
          value={draft.scans}
          problem={problems.scans}
          onChange={(scans) => set({ scans })}
        />
      )}
      <ChoiceField
        label="When it gives no verdict"
        help="It cannot be reached, is too slow, or the content is too large for it. Shown here and at every message."
        choices={failures}
        value={draft.onFailure}
        problem={problems.onFailure}
        onChange={(onFailure) => set({ onFailure })}
      />
      <NumberField
        label="Time limit"
        unit="ms"
        schema={shape.timeLimitMs}
        value={draft.timeLimitMs}
        problem={problems.timeLimitMs}
        onChange={(timeLimitMs) => set({ timeLimitMs })}
      />
      <NumberField
        label="Size limit"
        unit="bytes"
        schema={shape.sizeLimitBytes}
        value={draft.sizeLimitBytes}
        problem={problems.sizeLimitBytes}
        onChange={(sizeLimitBytes) => set({ sizeLimitBytes })}
      />
      <NumberField
        label="Connections at once"
        schema={shape.connectionsMax}
        value={draft.connectionsMax}
        problem={problems.connectionsMax}
        onChange={(connectionsMax) => set({ connectionsMax })}
      />
      <NumberField
        label="A verdict on the same content is believed for"
        unit="minutes"
        schema={shape.cacheMinutes}
        whenEmpty="asked each time"
        value={draft.cacheMinutes}
        problem={problems.cacheMinutes}
        onChange={(cacheMinutes) => set({ cacheMinutes })}
      />
    </>
  );
}
