"use client";
import { Button } from "./button.tsx";

type ErrorStateProps = { title: string; children?: React.ReactNode; retry?: () => void; code?: string | undefined };

/** What failed, what to do, and the code that finds it in the log. For error.tsx pages and failed panels. */
export function ErrorState({ title, children, retry, code }: ErrorStateProps) {
  return (
    <section role="alert" className="flex flex-col items-start gap-2 rounded-md border border-deny bg-deny-tint p-6">
      <h2 className="font-semibold text-deny">{title}</h2>
      <div className="max-w-prose">{children ?? "The console could not load this. Nothing was changed."}</div>
      {code && <p className="font-mono text-sm">Code {code}</p>}
      {retry && <Button onClick={retry}>Load again</Button>}
    </section>
  );
}
