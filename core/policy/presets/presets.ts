import { incomingRecommended, incomingStrict } from "./incoming.ts";
import { mailboxPresets } from "./mailboxes.ts";
import { outgoingRecommended, outgoingStrict } from "./outgoing.ts";
import type { Preset } from "./preset.ts";
import { observeEverything, observeMailboxes, passMailboxes, transparentPass } from "./watching.ts";

/** The proxy actions that we ship, in the order they are offered. */
export const presets: readonly Preset[] = [
  incomingRecommended,
  incomingStrict,
  outgoingRecommended,
  outgoingStrict,
  observeEverything,
  transparentPass,
  ...mailboxPresets,
  observeMailboxes,
  passMailboxes,
];
