"use client";
import { useState, useTransition } from "react";
import { Field } from "#components/ui/field.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Input } from "#components/ui/input.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { PastMessage } from "#lib/simulator/queries.ts";
import { base64Of } from "./given-message.ts";
import { type SimulatorDraft, tooLarge } from "./simulator-draft.ts";

type MessageFieldsProps = {
  draft: SimulatorDraft;
  past: PastMessage | null;
  onChange: (change: Partial<SimulatorDraft>) => void;
};

/** The message itself: pasted, a file, what is kept of a past one, or none. */
export function MessageFields({ draft, past, onChange }: MessageFieldsProps) {
  const [, startTransition] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  const isMailbox = draft.protocol === "pop3";

  async function choose(file: File | undefined) {
    const refusal = file === undefined ? null : tooLarge(file.size);
    setProblem(refusal);
    if (file === undefined || refusal !== null) return onChange({ file: null });
    onChange({ file: { name: file.name, base64: base64Of(new Uint8Array(await file.arrayBuffer())) } });
  }

  return (
    <div className="flex flex-col gap-3">
      {past !== null && (
        <p className="text-muted">
          {isMailbox ? "The client is that of" : "The envelope is that of"}{" "}
          <ForeignText text={past.subject} empty="(no subject)" />.{" "}
          {past.kept === null &&
            `Its content is not kept any more: add the .eml file, or try ${isMailbox ? "the login" : "the envelope"} alone.`}
        </p>
      )}
      <fieldset className="flex flex-col gap-1">
        <legend className="sr-only">What of the message</legend>
        <Kind of="given" words="Paste it, or choose a file" {...{ draft, onChange }} />
        {past !== null && past.kept !== null && (
          <Kind
            of="kept"
            words={`What is kept in the ${past.kept.where} (the look is in the audit log)`}
            {...{ draft, onChange }}
          />
        )}
        <Kind
          of="none"
          words={isMailbox ? "None: the login and the commands alone" : "None: the envelope alone"}
          {...{ draft, onChange }}
        />
      </fieldset>
      {draft.message === "given" && (
        <>
          <Field label="A file (.eml)" hint="Up to 6 MiB. It counts in the place of what is pasted." error={problem}>
            {(control) => (
              <Input
                {...control}
                type="file"
                accept=".eml,message/rfc822,text/plain"
                className="py-1"
                onChange={({ target }) => startTransition(() => choose(target.files?.[0]))}
              />
            )}
          </Field>
          <Field label="Or its source" hint="Header lines, an empty line, the body.">
            {(control) => (
              <Textarea
                {...control}
                className="min-h-40 font-mono"
                spellCheck={false}
                disabled={draft.file !== null}
                value={draft.text}
                onChange={({ target }) => onChange({ text: target.value })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}

type KindProps = Omit<MessageFieldsProps, "past"> & { of: SimulatorDraft["message"]; words: string };

function Kind({ of, words, draft, onChange }: KindProps) {
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      <input
        type="radio"
        name="message"
        className="size-4 shrink-0 accent-accent"
        checked={draft.message === of}
        onChange={() => onChange({ message: of })}
      />
      <span>{words}</span>
    </label>
  );
}
