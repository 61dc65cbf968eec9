import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export type ButtonLook = { variant?: "primary" | "secondary" | "quiet" | "danger"; size?: "small" | "medium" | "icon" };

const variants = {
  primary: "border-accent bg-accent text-on-accent hover:brightness-90",
  secondary: "border-control bg-surface text-text hover:bg-sunken",
  quiet: "border-transparent bg-transparent text-text hover:bg-sunken",
  danger: "border-deny bg-deny-tint text-deny hover:bg-surface",
} as const;

const sizes = { small: "h-6 px-2 gap-1", medium: "h-8 px-3 gap-2", icon: "size-8 shrink-0" } as const;

/** The classes of anything that looks like a button. */
export function buttonClass({ variant = "secondary", size = "medium" }: ButtonLook): string {
  return classNames(
    "inline-flex items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:opacity-60",
    variants[variant],
    sizes[size],
  );
}

/** A button; `type` is "button" unless told. An icon button needs an `aria-label`. */
export function Button({ variant, size, className, type = "button", ...rest }: ComponentProps<"button"> & ButtonLook) {
  const look = buttonClass({ ...(variant && { variant }), ...(size && { size }) });
  return <button type={type} className={classNames(look, className)} {...rest} />;
}
