"use client";
import { type DragEvent, useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Input } from "#components/ui/input.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { PastMessage } from "#lib/simulator/queries.ts";
import { base64Of } from "./given-message.ts";
import { headerAddresses } from "./header-addresses.ts";
import { PastMessages } from "./past-messages.tsx";
import { type SimulatorDraft, tooLarge } from "./simulator-draft.ts";

type MessageFieldsProps = {
  draft: SimulatorDraft;
  past: PastMessage | null;
  problem: string | undefined;
  onChange: (change: Partial<SimulatorDraft>) => void;
  /** One of the history is chosen, by its id. */
  onPast: (id: string) => void;
};

/** The message itself: pasted, a file, what is kept of a past one, or none. */
export function MessageFields({ draft, past, problem, onChange, onPast }: MessageFieldsProps) {
  const mayRead = useMay("read-mail");
  const isMailbox = draft.protocol === "pop3";
  return (
    <div className="flex flex-col gap-3">
      {past !== null && (
        <p className="text-muted">
          {isMailbox ? "The client is that of" : "The envelope is that of"}{" "}
          <ForeignText text={past.subject} empty="(no subject)" />.{" "}
          {past.kept === null &&
            `Its content is not kept any more: ${past.hasFacts ? "try it by its facts" : "what it was judged by is not, either"}, add the .eml file, or try ${isMailbox ? "the login" : "the envelope"} alone.`}
        </p>
      )}
      <fieldset className="flex flex-col gap-1">
        <legend className="sr-only">What of the message</legend>
        <Kind
          of="given"
          words={isMailbox ? "Paste it, or choose files" : "Paste it, or choose a file"}
          {...{ draft, onChange }}
        />
        {past !== null && past.kept !== null && (
          <Kind
            of="kept"
            words={`What is kept in the ${past.kept.where} (the look is in the audit log)`}
            disabled={!mayRead}
            {...{ draft, onChange }}
          />
        )}
        {past !== null && past.kept !== null && <PermissionNote permission="read-mail" what="Trying what is kept" />}
        {past?.hasFacts === true && (
          <Kind of="facts" words="Its facts: what it was judged by, without its text" {...{ draft, onChange }} />
        )}
        <Kind
          of="none"
          words={isMailbox ? "None: the login and the commands alone" : "None: the envelope alone"}
          {...{ draft, onChange }}
        />
      </fieldset>
      {draft.message === "given" && <GivenMessage {...{ draft, problem, onChange }} />}
      <details>
        <summary className="w-fit cursor-pointer text-accent">
          {past === null ? "From history…" : "Another one from history…"}
        </summary>
        <div className="pt-2">
          <PastMessages protocol={null} onChoose={onPast} />
        </div>
      </details>
    </div>
  );
}

type GivenMessageProps = Omit<MessageFieldsProps, "past" | "onPast">;

function GivenMessage({ draft, problem, onChange }: GivenMessageProps) {
  const { files, text, protocol } = draft;
  const [, startTransition] = useTransition();
  const [refusal, setRefusal] = useState<string | null>(null);
  const isMailbox = protocol === "pop3";

  async function choose(list: FileList | null) {
    const chosen = [...(list ?? [])].slice(0, isMailbox ? undefined : 1);
    const refused = tooLarge(chosen.map(({ size }) => size));
    setRefusal(refused);
    if (refused !== null) return onChange({ files: [] });
    const reading = chosen.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { name: file.name, bytes: bytes.length, base64: base64Of(bytes) };
    });
    const read = await Promise.all(reading);
    const [first] = read;
    onChange({
      files: read,
      ...(first !== undefined && envelopeOf(draft, atob(first.base64.slice(0, headBase64Max)))),
    });
  }

  /** Else the browser would leave the page and show the file. */
  function drop(event: DragEvent) {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    const { files: dropped } = event.dataTransfer;
    startTransition(() => choose(dropped));
  }

  return (
    <div className="flex flex-col gap-3" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Field
        label={isMailbox ? "Files (.eml)" : "A file (.eml)"}
        hint={`Choose or drop ${isMailbox ? "up to ten here, 6 MiB together" : "it here, up to 6 MiB"}. It counts in the place of what is pasted.`}
        error={refusal ?? (files.length > 0 ? problem : undefined)}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            multiple={isMailbox}
            accept=".eml,message/rfc822,text/plain"
            className="py-1"
            onChange={({ target }) => startTransition(() => choose(target.files))}
          />
        )}
      </Field>
      {files.length > 0 && (
        <p className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
          <span>
            {files.map(({ name, bytes }) => `${name} (${bytes.toLocaleString("en")} bytes)`).join(", ")} is tried.
          </span>
          <Button size="small" onClick={() => onChange({ files: [] })}>
            Take it out again
          </Button>
        </p>
      )}
      <Field
        label="Or its source"
        hint="Header lines, an empty line, the body."
        error={files.length === 0 && refusal === null ? problem : undefined}
      >
        {(control) => (
          <Textarea
            {...control}
            className="min-h-40 font-mono"
            spellCheck={false}
            disabled={files.length > 0}
            value={text}
            onChange={({ target }) => onChange({ text: target.value })}
            onBlur={() => onChange(envelopeOf(draft, text))}
          />
        )}
      </Field>
    </div>
  );
}

/** Of base64, a multiple of four. */
const headBase64Max = 65_536;

/** An envelope that nobody has filled in is that of the header lines. */
function envelopeOf({ protocol, sender, recipients }: SimulatorDraft, message: string): Partial<SimulatorDraft> {
  return protocol === "smtp" && sender === "" && recipients === "" ? headerAddresses(message) : {};
}

type KindProps = Pick<MessageFieldsProps, "draft" | "onChange"> & {
  of: SimulatorDraft["message"];
  words: string;
  disabled?: boolean;
};

function Kind({ of, words, disabled, draft, onChange }: KindProps) {
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      <input
        type="radio"
        name="message"
        className="size-4 shrink-0 accent-accent"
        checked={draft.message === of}
        disabled={disabled}
        onChange={() => onChange({ message: of })}
      />
      <span>{words}</span>
    </label>
  );
}
