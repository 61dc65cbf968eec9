"use client";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { FinderField } from "./finder-field.tsx";

/** Goes to anything that has a name or an id: a button of the header, and Ctrl K or Cmd K wherever one is. */
export function Finder() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
      if (event.ctrlKey === event.metaKey) return;
      // The browser's own search field.
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return (
    <>
      <Button
        aria-label="Search"
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        className="max-md:w-8 max-md:border-transparent max-md:px-0"
        onClick={() => setOpen(true)}
      >
        <Search aria-hidden size={14} />
        <span className="max-md:hidden">Search</span>
        <kbd className="font-sans text-muted text-sm max-lg:hidden">Ctrl K</kbd>
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Search">
        <FinderField onGo={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
