"use client";
import { Menu as MenuIcon, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { NavList } from "./nav-list.tsx";

/** The navigation of narrow screens: a button that opens the same list below the header. */
export function PhoneNav() {
  const [open, setOpen] = useState(false);
  const id = useId();
  const Icon = open ? X : MenuIcon;
  return (
    <div className="md:hidden">
      <Button
        variant="quiet"
        size="icon"
        aria-label={open ? "Close navigation" : "Open navigation"}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon aria-hidden size={18} />
      </Button>
      <nav
        id={id}
        aria-label="Main"
        hidden={!open}
        className="absolute inset-x-0 top-full max-h-[80vh] overflow-y-auto border-control border-b bg-surface p-4"
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      >
        <NavList onNavigate={() => setOpen(false)} />
      </nav>
    </div>
  );
}
