"use client";
import { Printer } from "lucide-react";
import { Button } from "#components/ui/button.tsx";

/** Prints the page, or keeps it as PDF: the browser's own. */
export function PrintButton() {
  return (
    <Button variant="primary" onClick={() => window.print()}>
      <Printer aria-hidden size={14} />
      Print
    </Button>
  );
}
