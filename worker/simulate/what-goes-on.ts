import { type Change, changedLinesMax, type Simulated, shownLineMax, shownTextMax } from "#core/contract/simulation.ts";
import { type DiffHunk, lineDiff } from "#core/text/line-diff.ts";
import type { TakenMessage } from "./willing-server.ts";
import { offTheWire, onTheWire } from "./wire-text.ts";

const copiesMax = 20;
/** Of longer messages, in characters, the place that differs is shown as one: to look for the shortest way would hold mail up. */
const comparedTextMax = 8 * 1024 * 1024;

/** What goes on, beside what was given; what only got our Received line on top is as it was. */
export function whatGoesOn(messages: readonly Uint8Array[], taken: readonly TakenMessage[]): Simulated["copies"] {
  const given = messages.map((message) => offTheWire(onTheWire(message)));
  return taken.slice(0, copiesMax).map(({ route, recipients, bytes, number = 1 }) => {
    const before = given[number - 1] ?? "";
    const after = Buffer.from(bytes).toString("latin1");
    const isChanged = after !== before && !isReceivedOnTop(after, before);
    return { route, recipients: [...recipients], number, change: isChanged ? changeOf(before, after) : null };
  });
}

function isReceivedOnTop(after: string, before: string): boolean {
  return after.endsWith(before) && /^Received: /i.test(after) && !/\r\n\S/.test(after.slice(0, -before.length - 2));
}

function changeOf(before: string, after: string): Change {
  const isLong = before.length + after.length > comparedTextMax;
  return withinCap(lineDiff(before, after, { lineEnd: "\r\n", ...(isLong && { editsMax: 0 }) }));
}

/** As much as is shown, from the top. */
function withinCap(hunks: readonly DiffHunk[]): Change {
  let [lines, characters] = [changedLinesMax, shownTextMax];
  let omitted = 0;
  const shown = hunks.flatMap((hunk) => {
    const kept: DiffHunk["lines"] = [];
    for (const { kind, text } of hunk.lines) {
      const cut = text.length > shownLineMax ? `${text.slice(0, shownLineMax)}…` : text;
      lines--;
      characters -= cut.length;
      if (lines < 0 || characters < 0) omitted++;
      else kept.push({ kind, text: cut });
    }
    return kept.length === 0 ? [] : [{ ...hunk, lines: kept }];
  });
  return { hunks: shown, omitted };
}
