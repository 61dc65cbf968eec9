import type { ReactNode } from "react";

type PanelProps = {
  title: string;
  /** For links to it. */
  id?: string;
  actions?: ReactNode;
  children: ReactNode;
};

/** A titled section of a page on its own surface. */
export function Panel({ title, id, actions, children }: PanelProps) {
  return (
    <section id={id} className="min-w-0 rounded-md border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-line border-b px-3 py-1">
        <h2 className="font-semibold">{title}</h2>
        {actions}
      </header>
      <div className="p-3">{children}</div>
    </section>
  );
}
