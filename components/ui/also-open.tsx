"use client";
import { useEffect, useState } from "react";
import { type OthersAtObject, othersAtObjectSchema } from "#core/contract/presence.ts";
import { Notice } from "./notice.tsx";
import { useMay, useSignedIn } from "./signed-in.tsx";

const askEveryMs = 5_000;

/** Who else has this object open, as long as this stands. */
export function AlsoOpen({ object, what }: { object: string; what: string }) {
  const { id } = useSignedIn();
  const others = useOthersAt(useMay("edit") ? object : null);
  const names = [...new Set(others.map((other) => (other.userId === id ? "You, in another window," : other.name)))];
  const [first, second, ...more] = names;
  return (
    <div role="status" className="empty:hidden">
      {first !== undefined && (
        <Notice kind="info">
          {second === undefined ? first : `${first} and ${more.length === 0 ? second : `${more.length + 1} others`}`}{" "}
          {names.length === 1 && !first.startsWith("You") ? "has" : "have"} this {what} open too.
        </Notice>
      )}
    </div>
  );
}

/** Tells the console every few seconds that the object is open here, and hears where else it is; null: it only looks. */
function useOthersAt(object: string | null): OthersAtObject["others"] {
  const [others, setOthers] = useState<OthersAtObject["others"]>([]);
  useEffect(() => {
    if (object === null) return;
    const tab = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    const tell = (open: boolean) =>
      fetch("/api/presence", {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ tab, object, open }),
      });
    const ask = async () => {
      try {
        const answer = await tell(true);
        if (answer.ok) setOthers(othersAtObjectSchema.parse(await answer.json()).others);
      } catch {
        // Without the console nobody else is known of; the next time it may be back.
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    const leave = () => void tell(false).catch(() => {});
    // A page that is loaded again, or closed, runs no clean-up: without this it would stand there for half a minute as another window.
    addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [object]);
  return others;
}
