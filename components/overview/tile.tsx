import Link from "next/link";
import type { ReactNode } from "react";

/** One figure that leads to the list behind it. */
export function Tile({
  href,
  label,
  figure,
  children,
}: {
  href: string;
  label: string;
  figure: string;
  children?: ReactNode;
}) {
  return (
    <Link
      href={href}
      className="flex min-w-0 flex-col rounded-md border border-line bg-surface p-3 hover:border-accent"
    >
      <span className="text-muted">{label}</span>
      <span className="font-semibold text-figure">{figure}</span>
      <span className="text-muted">{children}</span>
    </Link>
  );
}
