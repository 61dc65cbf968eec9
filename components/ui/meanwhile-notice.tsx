import { Notice } from "./notice.tsx";
import type { Meanwhile } from "./use-opened.ts";

/** Tells that somebody else changed what is open. `what` is its noun: `route`. */
export function MeanwhileNotice({ what, meanwhile }: { what: string; meanwhile: Meanwhile }) {
  if (meanwhile === null) return null;
  return (
    <Notice kind="warning">
      Somebody {meanwhile} this {what} while you have it open. Saving yours will be refused; your input stays here.
    </Notice>
  );
}
