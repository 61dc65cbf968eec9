import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonClass } from "./button.tsx";
import { classNames } from "./class-names.ts";

/** A link that looks like a button. */
export function LinkButton({ variant, size, className, ...rest }: ComponentProps<typeof Link> & ButtonLook) {
  const look = buttonClass({ ...(variant && { variant }), ...(size && { size }) });
  return <Link className={classNames(look, className)} {...rest} />;
}
