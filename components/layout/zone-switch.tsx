"use client";
import { useEffect, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { browserZone, useZoneChoice } from "./use-zone-choice.ts";

const pressed = "aria-pressed:border-accent aria-pressed:bg-accent-tint";

/** UTC or the browser's own zone, for every time that is shown. */
export function ZoneSwitch() {
  const { zone, choose } = useZoneChoice();
  const local = zone !== "UTC";
  const chooseNow = useRef(choose);
  useEffect(() => {
    chooseNow.current = choose;
  });
  // Whoever chose their own clocks has travelled since.
  useEffect(() => {
    if (local && browserZone() !== zone) chooseNow.current(true);
  }, [local, zone]);
  return (
    <span role="group" aria-label="Times in" className="flex gap-1 max-lg:hidden">
      <Button size="small" className={pressed} aria-pressed={!local} onClick={() => choose(false)}>
        UTC
      </Button>
      <Button
        size="small"
        className={pressed}
        aria-pressed={local}
        title={local ? zone : "Your own time zone"}
        onClick={() => choose(true)}
      >
        Local
      </Button>
    </span>
  );
}
