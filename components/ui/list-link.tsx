"use client";
import { List } from "lucide-react";
import { Tooltip } from "radix-ui";
import { useRef, useState } from "react";
import { classNames } from "./class-names.ts";
import { ListCard } from "./list-card.tsx";
import { useListGlance } from "./list-glances.tsx";

type ListLinkProps = {
  name: string;
  /** A small label of its own, and no part of a sentence. */
  chip?: boolean;
};

const chipClass = "inline-flex max-w-40 shrink-0 items-center gap-1 border border-line bg-surface px-1 text-sm";

/**
 * The name of a list, which leads to it. Hover and focus show what it holds, until they are gone or Escape is pressed (WCAG 1.4.13); a finger shows
 * nothing. Inside of ListGlances.
 */
export function ListLink({ name, chip = false }: ListLinkProps) {
  const list = useListGlance(name);
  const [open, setOpen] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  if (list === undefined) return chip ? null : name;
  return (
    <Tooltip.Root
      open={open}
      // Not ended by what scrolls, for the link comes into sight so when it takes the focus.
      onOpenChange={(wanted) => setOpen(wanted || link.current?.matches(":hover, :focus-visible") === true)}
    >
      <Tooltip.Trigger asChild>
        <a
          ref={link}
          href={`/lists?edit=${list.id}`}
          aria-label={`List ${name}`}
          className={classNames("rounded-sm text-accent underline decoration-1 underline-offset-2", chip && chipClass)}
        >
          {chip && <List aria-hidden size={12} className="shrink-0" />}
          <span className={classNames(chip && "truncate")}>{name}</span>
        </a>
      </Tooltip.Trigger>
      {/* No portal: the card stays in the landmark of its link, and on top of the drawer that it is in. */}
      <Tooltip.Content
        side="bottom"
        align="start"
        sideOffset={2}
        collisionPadding={8}
        onEscapeKeyDown={(event) => {
          event.preventDefault();
          setOpen(false);
        }}
        className="z-50 w-max max-w-80 rounded-md border border-control bg-surface p-2 text-start text-text not-italic"
      >
        <ListCard list={list} />
      </Tooltip.Content>
    </Tooltip.Root>
  );
}
