import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** The look of a text control; shared by input, textarea and select. */
export const controlClass =
  "w-full min-w-0 rounded-md border border-control bg-surface px-2 text-text placeholder:text-muted " +
  "aria-invalid:border-deny disabled:opacity-60";

/** A single-line text control. Label it with `Field`, or with `aria-label`. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={classNames(controlClass, "h-8", className)} {...rest} />;
}
