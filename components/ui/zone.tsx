"use client";
import { createContext, type ReactNode, useContext } from "react";

const Zone = createContext("UTC");

/** By which zone's clocks times are shown: `UTC`, or a name such as `Europe/Berlin`. */
export function useZone(): string {
  return useContext(Zone);
}

/** Stands once, in the console's frame. */
export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  return <Zone value={zone}>{children}</Zone>;
}

/** The zone's name, for a heading of times that do not name it themselves. */
export function ZoneName() {
  return useZone();
}
