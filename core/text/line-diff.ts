export type DiffLine = { kind: "same" | "added" | "removed"; text: string };
export type DiffHunk = { beforeLine: number; afterLine: number; lines: DiffLine[] };

const contextLines = 3;
/** Past this many edits the search stops and the middle is shown as one replacement: the cost stays O((n + m) · edits). */
const searchedEditsMax = 500;

/** The differing places of two texts, line by line (Myers 1986), with three lines around each. `editsMax` 0: they are shown as one. */
export function lineDiff(
  before: string,
  after: string,
  { lineEnd = "\n", editsMax = searchedEditsMax } = {},
): DiffHunk[] {
  return hunksOf(diffLines(before.split(lineEnd), after.split(lineEnd), editsMax));
}

function diffLines(before: string[], after: string[], editsMax: number): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  return [
    ...before.slice(0, head).map(same),
    ...(shortestEdit(removed, added, editsMax) ?? [...removed.map(removedLine), ...added.map(addedLine)]),
    ...before.slice(before.length - tail).map(same),
  ];
}

const same = (text: string): DiffLine => ({ kind: "same", text });
const addedLine = (text: string): DiffLine => ({ kind: "added", text });
const removedLine = (text: string): DiffLine => ({ kind: "removed", text });

/** The furthest x on each diagonal k = x - y after each number of edits; null past `editsMax`. */
function shortestEdit(a: string[], b: string[], editsMax: number): DiffLine[] | null {
  const history: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(editsMax, a.length + b.length); edits++) {
    const next = new Map<number, number>();
    history.push(reach);
    for (let k = -edits; k <= edits; k += 2) {
      let x = stepsDown(reach, k, edits) ? at(reach, k + 1) : at(reach, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return backtrack(a, b, history);
    }
    reach = next;
  }
  return null;
}

function at(reach: Map<number, number>, k: number): number {
  return reach.get(k) ?? Number.NEGATIVE_INFINITY;
}

function stepsDown(reach: Map<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
}

function backtrack(a: string[], b: string[], history: Map<number, number>[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits] ?? new Map<number, number>();
    const k = x - y;
    const fromK = stepsDown(reach, k, edits) ? k + 1 : k - 1;
    const fromX = edits === 0 ? 0 : at(reach, fromK);
    const fromY = edits === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      lines.push(same(a[x] ?? ""));
    }
    if (edits === 0) break;
    lines.push(x === fromX ? addedLine(b[fromY] ?? "") : removedLine(a[fromX] ?? ""));
    x = fromX;
    y = fromY;
  }
  return lines.reverse();
}

function hunksOf(lines: DiffLine[]): DiffHunk[] {
  const hunks: DiffHunk[] = [];
  let beforeLine = 1;
  let afterLine = 1;
  let open: DiffHunk | null = null;
  let quiet = 0;
  lines.forEach((line, index) => {
    const near = lines.slice(index, index + contextLines + 1).some((next) => next.kind !== "same");
    quiet = line.kind === "same" ? quiet + 1 : 0;
    if (open !== null && quiet > contextLines && !near) open = null;
    if (open === null && near) {
      open = { beforeLine, afterLine, lines: [] };
      hunks.push(open);
    }
    open?.lines.push(line);
    if (line.kind !== "added") beforeLine++;
    if (line.kind !== "removed") afterLine++;
  });
  return hunks;
}
