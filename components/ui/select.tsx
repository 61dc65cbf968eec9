import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { controlClass } from "./input.tsx";

/** The browser's own select: works with every keyboard, screen reader and phone. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={classNames(controlClass, "h-8 pe-1", className)} {...rest} />;
}
