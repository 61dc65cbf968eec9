import type { ContentReport } from "#core/contract/content-report.ts";
import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import type { EditList } from "#core/message/rewrite/edit.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";
import { editedPieces } from "../scan/edited-source.ts";
import type { ContentCopy, ContentParts } from "../scan/message-content.ts";
import { claimsOurResults } from "../sender-auth/claimed-results.ts";
import { type TopRequest, topFields } from "../sender-auth/top-fields.ts";

export type OutgoingRequest = {
  definition: SmtpProxyAction;
  copy: ContentCopy;
  edits: EditList;
  fromReadings: readonly string[];
  seen: TopRequest["seen"];
  keys: ContentParts["signingKeys"];
  /** As it came; asked for only where all of it is held. */
  original(): ContentSource;
  now: number;
};

/** Takes lines out that claim to be ours, and gives what stands on top of the message, once it has all its other changes. */
export async function outgoingFields({
  definition,
  copy,
  edits,
  fromReadings,
  seen,
  keys,
  original,
  now,
}: OutgoingRequest): Promise<{ bytes: Uint8Array; signatures: ContentReport["signatures"] }> {
  const { hostName, senderAuth: settings } = definition.settings;
  const authservId = settings.authservId ?? hostName;
  const { editor } = copy;
  if (settings.results === "add") {
    const forged = editor.fields.filter((field) => claimsOurResults(field, authservId));
    editor.removeLines(forged, "it claims to be ours");
  }
  return await topFields({
    settings,
    keys,
    authservId,
    seen,
    fields: editor.fields,
    changes: editor.planned,
    fromReadings,
    isOutgoing: definition.direction === "outgoing",
    message: () => editedPieces(original(), edits),
    now,
  });
}
