import { type Simulated, shownTextMax } from "#core/contract/simulation.ts";
import type { TakenMessage } from "./willing-server.ts";
import { offTheWire, onTheWire } from "./wire-text.ts";

const copiesMax = 20;

/** What goes on, beside what was given; what only got our Received line on top is as it was. */
export function whatGoesOn(
  message: Uint8Array | null,
  taken: readonly TakenMessage[],
): Pick<Simulated, "before" | "copies"> {
  const before = message === null ? null : offTheWire(onTheWire(message));
  const copies = taken.slice(0, copiesMax).map(({ route, recipients, bytes }) => {
    const after = Buffer.from(bytes).toString("latin1");
    const isChanged = before !== null && after !== before && !isReceivedOnTop(after, before);
    return {
      route,
      recipients: [...recipients],
      after: isChanged ? after.slice(0, shownTextMax) : null,
      cut: after.length > shownTextMax,
    };
  });
  const isNeeded = copies.some(({ after }) => after !== null);
  return { before: isNeeded && before !== null ? before.slice(0, shownTextMax) : null, copies };
}

function isReceivedOnTop(after: string, before: string): boolean {
  return after.endsWith(before) && /^Received: /i.test(after) && !/\r\n\S/.test(after.slice(0, -before.length - 2));
}
