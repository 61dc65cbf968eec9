import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { controlClass } from "./input.tsx";

/** A multi-line text control; `font-mono` for code. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={classNames(controlClass, "min-h-16 py-1", className)} {...rest} />;
}
