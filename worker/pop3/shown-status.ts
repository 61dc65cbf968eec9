import type { Pop3Settings } from "#core/contract/pop3-settings.ts";
import { ownStatus } from "#core/pop3/own-status.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";

/** A server's first line as its client hears it. */
export function shownStatus(
  { hideServerReplies }: Pop3Settings,
  command: string,
  status: StatusLine,
  isMultiLine = false,
): StatusLine {
  return hideServerReplies ? ownStatus(command, status, isMultiLine) : status;
}
