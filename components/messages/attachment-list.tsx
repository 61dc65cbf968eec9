import { Paperclip } from "lucide-react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import type { MessageEvent } from "#core/contract/event.ts";

/** The attachments as the message names them. */
export function AttachmentList({ attachments }: { attachments: MessageEvent["attachments"] }) {
  if (attachments.length === 0) return <p className="text-muted">None.</p>;
  return (
    <ul className="flex flex-col gap-1">
      {attachments.map((attachment, index) => (
        <li key={index} className="flex items-start gap-2">
          <Paperclip aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <ForeignText text={attachment.fileName} empty="(no name)" />{" "}
            <span className="text-muted">
              <ForeignText text={attachment.contentType} />
            </span>
            <AttachmentFacts attachment={attachment} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What was seen of an attachment that was looked into. */
function AttachmentFacts({ attachment }: { attachment: MessageEvent["attachments"][number] }) {
  const { part, detectedType, bytes, sha256, traits = [], entries = [] } = attachment;
  const facts = [
    ...(part === undefined ? [] : [`part ${part}`]),
    ...(detectedType === undefined ? [] : [`is ${detectedType}`]),
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(traits.length === 0 ? [] : [traits.join(", ")]),
  ];
  return (
    <>
      {facts.length > 0 && <span className="block text-muted">{facts.join(" · ")}</span>}
      {sha256 !== undefined && <span className="block font-mono text-muted text-sm">SHA-256 {sha256}</span>}
      {entries.length > 0 && (
        <span className="block text-muted">
          holds <ForeignText text={entries.join(", ")} />
        </span>
      )}
    </>
  );
}
