"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { TextField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { Protocol } from "#core/contract/facts.ts";
import { findPastMessagesAction } from "#lib/simulator/actions.ts";
import type { PastChoice } from "#lib/simulator/queries.ts";

type PastMessagesProps = {
  /** Only of this one; null: of both. */
  protocol: Protocol | null;
  onChoose: (id: string) => void;
};

/** The newest messages that came through, or those that are looked for, to try one of them again. */
export function PastMessages({ protocol, onChoose }: PastMessagesProps) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly PastChoice[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();

  const look = () =>
    startTransition(async () => {
      const result = await answered(
        findPastMessagesAction({ text: text.trim() === "" ? null : text.trim(), protocol }),
      );
      setRefusal(result.ok ? null : result.error.message);
      setFound(result.ok ? result.value : null);
    });

  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Subject, sender or id"
        help="A part of it; empty: the newest."
        value={text}
        problem={undefined}
        maxLength={200}
        spellCheck={false}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
          // It is looked for, and not what is around it sent.
          event.preventDefault();
          look();
        }}
      />
      <Button size="small" className="self-start" disabled={busy} onClick={look}>
        {busy ? "Looking…" : "Look for messages"}
      </Button>
      <div aria-live="polite" className="flex flex-col gap-1">
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        {found?.length === 0 && <p className="text-muted">No message is like this.</p>}
        {found !== null && found.length > 0 && (
          <ul className="flex max-h-64 flex-col overflow-y-auto rounded-md border border-line" tabIndex={-1}>
            {found.map((one) => (
              <li key={one.id} className="flex flex-wrap items-center gap-2 border-line border-b p-2 last:border-b-0">
                {one.verdict !== null && <VerdictBadge verdict={one.verdict} />}
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                  <ForeignText text={one.subject} empty="(no subject)" />{" "}
                  <span className="text-muted">
                    <ForeignText text={one.sender} empty="(no sender)" />, <Time at={one.at} form="relative" />
                  </span>
                </span>
                <Button
                  size="small"
                  aria-label={`Try ${one.subject ?? "the one without subject"}`}
                  onClick={() => onChoose(one.id)}
                >
                  Try it
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
