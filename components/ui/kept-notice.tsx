"use client";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Time } from "./time.tsx";

type KeptNoticeProps = { savedAt: string; onTakeUp: () => void; onThrowAway: () => void };

/** Offers what was typed here before and neither saved nor thrown away. */
export function KeptNotice({ savedAt, onTakeUp, onThrowAway }: KeptNoticeProps) {
  return (
    <Notice kind="info">
      <p>
        You typed something here <Time at={savedAt} form="relative" plain /> that was not saved.
      </p>
      <p className="mt-2 flex flex-wrap gap-2">
        <Button size="small" onClick={onTakeUp}>
          Go on with it
        </Button>
        <Button size="small" onClick={onThrowAway}>
          Throw it away
        </Button>
      </p>
    </Notice>
  );
}
