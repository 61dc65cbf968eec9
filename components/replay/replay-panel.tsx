"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { Select } from "#components/ui/select.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { endReplayAction, startReplayAction } from "#lib/replay/actions.ts";
import type { ReplayView } from "#lib/replay/queries.ts";
import type { ReplayInput } from "#lib/replay/replay-input.ts";
import { ReplayFindings } from "./replay-findings.tsx";
import { replayWords } from "./replay-words.ts";

const spans: Record<ReplayInput["hours"], string> = {
  1: "hour",
  24: "24 hours",
  168: "7 days",
  336: "14 days",
};

type ReplayPanelProps = {
  /** What is tried; null: the draft. */
  revision: number | null;
  /** The last one of it. */
  replay: ReplayView | null;
  /** How far back anything is known. */
  daysKept: number;
};

/** What the draft, or a revision, would have done with past messages. */
export function ReplayPanel({ revision, replay, daysKept }: ReplayPanelProps) {
  const toast = useToast();
  const may = useMay("edit");
  const [hours, setHours] = useState<ReplayInput["hours"]>(24);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  const policy = revision === null ? "the draft" : `r${revision}`;
  const isRunning = replay !== null && replay.finishedAt === null;

  const start = async () => {
    setRefusal(null);
    const answer = await answered(startReplayAction({ hours, revision }));
    if (!answer.ok) setRefusal(answer.error.message);
  };
  const end = async (jobId: string) => {
    const answer = await answered(endReplayAction({ jobId }));
    if (!answer.ok) toast("fault", answer.error.message);
  };

  return (
    <Panel title="On past messages">
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <label htmlFor="replay-hours">Replay {policy} on the messages of the last</label>
          <span className="w-28">
            <Select id="replay-hours" value={hours} onChange={({ target }) => setHours(hoursOf(target.value))}>
              {Object.entries(spans).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          </span>
          <Button disabled={busy || isRunning || !may} onClick={() => startTransition(start)}>
            Replay
          </Button>
        </div>
        <PermissionNote permission="edit" what="A replay" />
        {refusal !== null && <Notice kind="fault">{refusal}</Notice>}
        <div aria-live="polite" className="flex flex-col gap-2">
          {replay === null ? (
            <p className="text-muted">
              Asks the rules of {policy} about what the workers were asked for: senders, recipients, header lines,
              files. What a body says is not kept. It is known for {daysKept === 1 ? "one day" : `${daysKept} days`}.
            </p>
          ) : (
            <>
              {replay.isOutdated && <Notice kind="info">The draft has changed since: this is what it was.</Notice>}
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span>{replayWords(replay)}</span>
                {isRunning && (
                  <>
                    <progress
                      aria-label="How far the replay is"
                      max={replay.total}
                      value={replay.done}
                      className="h-2 w-40"
                    />
                    <Button size="small" disabled={busy || !may} onClick={() => startTransition(() => end(replay.id))}>
                      End it
                    </Button>
                  </>
                )}
              </div>
              <p className="text-muted">
                From <Time at={replay.since.toISOString()} /> to <Time at={replay.until.toISOString()} />, asked for by{" "}
                {replay.actor}.
              </p>
            </>
          )}
        </div>
        {replay !== null && <ReplayFindings replay={replay} />}
        <p className="text-muted">
          Not tried: logins, commands, limits but those on size and recipients, TLS demands, verification of recipients,
          and what becomes of a message after its verdict.
        </p>
      </div>
    </Panel>
  );
}

function hoursOf(value: string): ReplayInput["hours"] {
  const hours = Number(value);
  return hours === 1 || hours === 168 || hours === 336 ? hours : 24;
}
