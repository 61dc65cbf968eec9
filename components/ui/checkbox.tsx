import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** A checkbox with its label beside it; without a label give it an `aria-label`. */
export function Checkbox({ label, className, ...rest }: Omit<ComponentProps<"input">, "type"> & { label?: ReactNode }) {
  const box = (
    <input
      type="checkbox"
      className={classNames("size-4 shrink-0 cursor-pointer accent-accent", className)}
      {...rest}
    />
  );
  if (label === undefined) return box;
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      {box}
      <span>{label}</span>
    </label>
  );
}
