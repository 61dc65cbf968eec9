import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const looks = {
  info: { icon: Info, bar: "border-s-accent", role: "note" },
  done: { icon: CircleCheck, bar: "border-s-allow", role: "status" },
  warning: { icon: TriangleAlert, bar: "border-s-warn", role: "note" },
  fault: { icon: TriangleAlert, bar: "border-s-deny", role: "alert" },
} as const;

/** A message inside the page, with a bar at its left: never mistaken for a verdict. `fault` is announced at once. */
export function Notice({ kind, children }: { kind: keyof typeof looks; children: ReactNode }) {
  const { icon: Icon, bar, role } = looks[kind];
  return (
    <div role={role} className={classNames("flex gap-2 rounded-md border border-line border-s-4 bg-surface p-3", bar)}>
      <Icon aria-hidden size={16} className="mt-px shrink-0" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</div>
    </div>
  );
}
