"use client";
import type { z } from "zod";
import { AlsoOpen } from "./also-open.tsx";
import { KeptNotice } from "./kept-notice.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { Notice } from "./notice.tsx";
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
        <KeptNotice savedAt={kept.savedAt} onTakeUp={() => form.takeUp(kept)} onThrowAway={form.throwAway} />
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
