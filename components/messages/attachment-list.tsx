import { Paperclip } from "lucide-react";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import type { MessageEvent } from "#core/contract/event.ts";

/** The attachments as the message names them. */
export function AttachmentList({ attachments }: { attachments: MessageEvent["attachments"] }) {
  if (attachments.length === 0) return <p className="text-muted">None.</p>;
  return (
    <ul className="flex flex-col gap-1">
      {attachments.map(({ fileName, contentType }, index) => (
        <li key={index} className="flex items-start gap-2">
          <Paperclip aria-hidden size={14} className="mt-0.5 shrink-0 text-muted" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <ForeignText text={fileName} empty="(no name)" />{" "}
            <span className="text-muted">
              <ForeignText text={contentType} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
