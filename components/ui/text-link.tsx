import Link from "next/link";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** A link inside text or a table. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={classNames("rounded-sm text-accent underline decoration-1 underline-offset-2", className)}
      {...rest}
    />
  );
}
