import type { ReactNode } from "react";

/** Nothing here (yet): what it means, and what to do. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className="flex flex-col items-start gap-2 rounded-md border border-control border-dashed p-6">
      <h2 className="font-semibold">{title}</h2>
      {children && <div className="max-w-prose text-muted">{children}</div>}
      {action}
    </section>
  );
}
