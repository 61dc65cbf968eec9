import type { ReactNode } from "react";

/** Facts, one a line. */
export function FactList({ children }: { children: ReactNode }) {
  return <dl className="grid gap-x-3 gap-y-1 sm:grid-cols-[9rem_1fr]">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] max-sm:mb-1">{children}</dd>
    </>
  );
}
