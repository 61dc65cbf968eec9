import type { ReactNode } from "react";

/** The frame of the pages in front of the console: one narrow column with the product's name. */
export function GateFrame({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-4 p-4">
      <p className="font-semibold text-muted">Postern</p>
      {children}
    </main>
  );
}
