"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { lookAtHtmlAction, lookAtTextAction } from "#lib/quarantine/actions.ts";
import type { Preview } from "#lib/quarantine/preview.ts";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";

/** A look at what is kept, when it is asked for: text first, HTML in a frame that can do nothing. Each look is in the audit log. */
export function EntryPreview({ entry }: { entry: QuarantineRow }) {
  const { workerId, id, kind } = entry;
  const may = useMay("read-mail");
  const [preview, setPreview] = useState<Preview | null>(null);
  const [html, setHtml] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();

  async function lookAtText() {
    const answer = await answered(lookAtTextAction({ workerId, id }));
    setRefusal(answer.ok ? null : answer.error.message);
    if (answer.ok) setPreview(answer.value);
  }

  async function lookAtHtml() {
    const answer = await answered(lookAtHtmlAction({ workerId, id }));
    setRefusal(answer.ok ? null : answer.error.message);
    if (answer.ok) setHtml(answer.value);
  }

  const query = new URLSearchParams({ worker: workerId, id });
  return (
    <section aria-label="Content" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={busy || !may} onClick={() => startTransition(lookAtText)}>
          Show the text
        </Button>
        {preview?.hasHtml === true && (
          <Button disabled={busy || !may} onClick={() => startTransition(lookAtHtml)}>
            Show the HTML
          </Button>
        )}
        {may && (
          <a href={`/quarantine/download?${query.toString()}`} download className={buttonClass({})}>
            Download defanged .eml
          </a>
        )}
        <span role="status" className="text-muted">
          {busy ? "Asking the worker…" : ""}
        </span>
      </div>
      <PermissionNote permission="read-mail" what="Looking into it" />
      <p className="text-muted text-sm">Each look and each download is in the audit log.</p>
      {refusal !== null && (
        <Notice kind="fault">
          <ForeignText text={refusal} />
        </Notice>
      )}
      {html !== null && <HtmlFrame html={html} />}
      {preview !== null && html === null && <TextPreview preview={preview} isFile={kind === "part"} />}
      {preview !== null && <PartList preview={preview} />}
    </section>
  );
}

/** No origin, no script, no form, no way out; the document forbids every request besides. */
function HtmlFrame({ html }: { html: string }) {
  return (
    <figure className="flex flex-col gap-1">
      <iframe
        title="The message’s HTML, inert"
        sandbox=""
        referrerPolicy="no-referrer"
        srcDoc={html}
        className="h-96 w-full rounded-md border border-control bg-white"
      />
      <figcaption className="text-muted text-sm">
        Scripts, forms and everything from elsewhere were taken out; behind each link stands where it leads.
      </figcaption>
    </figure>
  );
}

function TextPreview({ preview, isFile }: { preview: Preview; isFile: boolean }) {
  const { fields, text, fromHtml, cut, remarks } = preview;
  return (
    <div className="flex flex-col gap-2">
      {remarks.map((remark) => (
        <Notice key={remark} kind="warning">
          <ForeignText text={remark} />
        </Notice>
      ))}
      {fields.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-accent">Header ({fields.length} lines)</summary>
          <dl className="mt-1 rounded-md bg-sunken p-2 font-mono text-sm">
            {fields.map(({ name, value }, index) => (
              <div key={index}>
                <dt className="inline text-muted">
                  <ForeignText text={name} />:{" "}
                </dt>
                <dd className="inline">
                  <ForeignText text={value} empty="" />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {text === null ? (
        <p className="text-muted">{isFile ? "This file is not text: it is not shown." : "It has no text."}</p>
      ) : (
        <pre
          // Long texts scroll inside; a keyboard must reach them.
          tabIndex={0}
          aria-label="Text"
          className="max-h-96 overflow-y-auto whitespace-pre-wrap rounded-md bg-sunken p-2 font-mono text-sm"
        >
          {text.split(/\r\n|\r|\n/).map((line, index) => (
            <span key={index} className="block min-h-[1lh]">
              <ForeignText text={line} empty="" />
            </span>
          ))}
        </pre>
      )}
      {fromHtml && text !== null && <p className="text-muted text-sm">Made from the message’s HTML.</p>}
      {cut && <p className="text-muted text-sm">Only the beginning is shown: the rest was not read.</p>}
    </div>
  );
}

function PartList({ preview: { parts } }: { preview: Preview }) {
  if (parts.length === 0) return null;
  return (
    <div>
      <h3 className="font-semibold">Parts ({parts.length})</h3>
      <ul>
        {parts.map(({ number, fileName, contentType, bytes }) => (
          <li key={number}>
            <ForeignText text={fileName} empty="(no name)" />
            <span className="text-muted">
              , <ForeignText text={contentType} />, {formatBytes(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
