"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type CSSProperties, type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { DrawerEdge } from "./drawer-edge.tsx";
import { useDrawerWidth } from "./use-drawer-width.ts";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons, the deciding one last. */
  footer?: ReactNode;
  /** A click beside it does not close it: something may have been typed. */
  holdsInput?: boolean;
};

const centred = "inset-x-2 top-[8vh] mx-auto max-h-[84vh] max-w-[560px] rounded-md border sm:inset-x-4";
const atTheEdge =
  "inset-y-0 end-0 w-full pr-[env(safe-area-inset-right)] pb-[env(safe-area-inset-bottom)] " +
  "md:w-(--drawer) md:max-w-[calc(100vw-10rem)] md:border-s";

type PanelLook = {
  place: string;
  style?: CSSProperties;
  /** Last, so that what is in the panel has the focus first. */
  edge?: ReactNode;
};

/** A modal panel: focus is kept inside, Escape closes, focus returns to where it was. */
function Panel({ place, style, edge, ...props }: DialogProps & PanelLook) {
  const { open, onOpenChange, title, description, children, footer, holdsInput } = props;
  const before = useFocusBefore(open);
  const describe = description ? {} : { "aria-describedby": undefined };
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-backdrop" />
        <Primitive.Content
          {...describe}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Unless the focus went somewhere else meanwhile, to what the dialog was about.
            if (document.activeElement === document.body) before.current?.focus();
          }}
          onInteractOutside={(event) => holdsInput && event.preventDefault()}
          className={classNames("fixed z-50 flex flex-col border-line bg-surface text-text outline-none", place)}
          style={style}
        >
          <header className="flex items-start gap-4 border-line border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description && <Primitive.Description className="mt-1 text-muted">{description}</Primitive.Description>}
            </div>
            <Primitive.Close asChild>
              <Button variant="quiet" size="icon" aria-label="Close">
                <X aria-hidden size={16} />
              </Button>
            </Primitive.Close>
          </header>
          {children !== undefined && <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3">{footer}</footer>
          )}
          {edge}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** What had the focus when the panel opened; by itself the primitive gives it back to a trigger of its own only. */
function useFocusBefore(open: boolean): RefObject<HTMLElement | null> {
  const before = useRef<HTMLElement | null>(null);
  // The panel is mounted after this, and takes the focus.
  useLayoutEffect(() => {
    if (open) before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  }, [open]);
  return before;
}

/** A modal dialog in the middle. */
export function Dialog(props: DialogProps) {
  return <Panel {...props} place={centred} />;
}

/** A modal drawer at the right edge, for details and editors, as wide as the person wants it; on narrow screens a page. */
export function Drawer(props: DialogProps) {
  const width = useDrawerWidth();
  const style: CSSProperties & { "--drawer": string } = { "--drawer": `${width}px` };
  return <Panel {...props} place={atTheEdge} style={style} edge={<DrawerEdge width={width} />} />;
}
