"use client";
import type { z } from "zod";
import { AlsoOpen } from "./also-open.tsx";
import { Button } from "./button.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { Notice } from "./notice.tsx";
import { Time } from "./time.tsx";
import type { useDraftForm } from "./use-draft-form.ts";
import type { Meanwhile } from "./use-opened.ts";

type FormNoticesProps<T extends object, Draft extends object> = {
  form: ReturnType<typeof useDraftForm<T, Draft>>;
  /** Its noun: `route`. */
  what: string;
  schema: z.ZodType<T>;
  /** What somebody else did to it since it was opened. */
  meanwhile: Meanwhile;
};

/** What an open editor says above its fields: what was kept of it, who else is at it, and what they changed meanwhile. */
export function FormNotices<T extends object, Draft extends object>({
  form,
  what,
  schema,
  meanwhile,
}: FormNoticesProps<T, Draft>) {
  const { kept, conflict, saved } = form;
  return (
    <>
      {kept !== null && (
        <Notice kind="info">
          <p>
            You typed something here <Time at={kept.savedAt} form="relative" plain /> that was not saved.
          </p>
          <p className="mt-2 flex flex-wrap gap-2">
            <Button size="small" onClick={() => form.takeUp(kept)}>
              Go on with it
            </Button>
            <Button size="small" onClick={form.throwAway}>
              Throw it away
            </Button>
          </p>
        </Notice>
      )}
      {form.base !== null && <AlsoOpen object={form.object} what={what} />}
      {meanwhile !== null && !saved && (
        <Notice kind="warning">
          {meanwhile === "changed"
            ? `Somebody changed this ${what} while you have it open. When you save, both are put together.`
            : `Somebody deleted this ${what} while you have it open. Saving yours will be refused; your input stays here.`}
        </Notice>
      )}
      {conflict !== null && (
        <MergeDialog
          what={what}
          schema={schema}
          base={conflict.base}
          mine={conflict.mine}
          theirs={conflict.theirs.value}
          onSettled={form.settle}
        />
      )}
    </>
  );
}
