"use client";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { openElsewhereSchema } from "#core/contract/presence.ts";

const askEveryMs = 5_000;
const OpenElsewhereContext = createContext<ReadonlyMap<string, readonly string[]>>(new Map());

/** Asks the console every few seconds what other people have open, while the page is looked at. Stands once, around pages of the draft. */
export function OpenElsewhereProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  useEffect(() => {
    let told = "";
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch("/api/presence", { cache: "no-store" });
        const text = answer.ok ? await answer.text() : "";
        // The same answer draws nothing anew.
        if (text === "" || text === told) return;
        told = text;
        setOpen(namesByObject(text));
      } catch {
        // Without the console nobody else is known of; the next time it may be back.
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  }, []);
  return <OpenElsewhereContext value={open}>{children}</OpenElsewhereContext>;
}

function namesByObject(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { object, name } of openElsewhereSchema.parse(JSON.parse(text)).open)
    names.set(object, [...(names.get(object) ?? []), name]);
  return names;
}

/** A dot with the names of those who have an object open, beside what it is called. `object` as its editor tells it: `rule 4a0e…`. */
export function PresenceDot({ object }: { object: string }) {
  const names = useContext(OpenElsewhereContext).get(object);
  if (names === undefined) return null;
  return (
    <span className="ms-2 inline-flex items-center gap-1 whitespace-nowrap font-normal text-muted text-sm not-italic">
      <span aria-hidden className="size-2 rounded-full border border-accent bg-accent" />
      <span>
        {names.join(", ")}
        <span className="sr-only"> {names.length === 1 ? "has" : "have"} this open</span>
      </span>
    </span>
  );
}
