import type { ReactNode } from "react";

/** A titled section of a page on its own surface. */
export function Panel({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0 rounded-md border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-line border-b px-3 py-1">
        <h2 className="font-semibold">{title}</h2>
        {actions}
      </header>
      <div className="p-3">{children}</div>
    </section>
  );
}
