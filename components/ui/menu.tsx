"use client";
import Link from "next/link";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

const itemClass =
  "flex h-8 items-center gap-2 rounded-sm px-2 outline-none select-none " +
  "data-highlighted:bg-accent-tint data-disabled:text-muted data-disabled:cursor-not-allowed";

type MenuProps = { trigger: ReactNode; children: ReactNode; defaultOpen?: boolean };

/** A menu that opens from its trigger (one button): `<Menu trigger={<Button>…</Button>}><MenuItem …/></Menu>`. */
export function Menu({ trigger, children, defaultOpen = false }: MenuProps) {
  return (
    <Primitive.Root modal={false} defaultOpen={defaultOpen}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      {/* No portal: the menu stays in the landmark of its trigger. */}
      <Primitive.Content
        align="end"
        sideOffset={4}
        className="z-50 min-w-44 rounded-md border border-control bg-surface p-1 text-text"
      >
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}

/** One command of a menu. */
export function MenuItem({ className, danger, ...rest }: ComponentProps<typeof Primitive.Item> & { danger?: boolean }) {
  return <Primitive.Item className={classNames(itemClass, danger && "text-deny", className)} {...rest} />;
}

/** A menu entry that goes somewhere. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Primitive.Item asChild className={itemClass}>
      <Link href={href}>{children}</Link>
    </Primitive.Item>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}

/** A heading inside a menu. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 py-1 text-muted text-sm">{children}</Primitive.Label>;
}
